import KeyvRedis from '@keyv/redis';
import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Keyv } from 'keyv';

/** The token of the store of responses. */
export const CACHE = Symbol('cache');

/** A store in Redis, or in memory if REDIS_URL is not set. */
const createCache = (): Keyv => {
  const url = process.env.REDIS_URL;
  const store = url === undefined ? new Map<string, unknown>() : new KeyvRedis(url);
  const cache = new Keyv({ store, namespace: 'panel' });
  // Without Redis the application works on, and asks the models.
  cache.on('error', (error: Error) => new Logger('Cache').error(error.message));
  return cache;
};

@Module({ providers: [{ provide: CACHE, useFactory: createCache }], exports: [CACHE] })
export class CacheModule implements OnApplicationShutdown {
  constructor(@Inject(CACHE) private readonly cache: Keyv) {}

  async onApplicationShutdown(): Promise<void> {
    await this.cache.disconnect();
  }
}
