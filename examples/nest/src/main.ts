import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import { configured } from './configured.ts';

const start = async (): Promise<void> => {
  const adapter = process.env.ADAPTER === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  // With the body as it came, clients may send JSON as any content type.
  const app = configured(await NestFactory.create(AppModule, adapter, { rawBody: true }));
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
  console.log(`Listening at ${await app.getUrl()}`);
};

void start();
