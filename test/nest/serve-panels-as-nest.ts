import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule, FactoryProvider, Type } from '@nestjs/common';
import { EnsembleModule, EnsembleRegistry, type ServeOptions } from '../../src/nest/nest.ts';
import { type FaultServer, startFaultServer } from '../../src/testing/fault-server.ts';
import { panels, upstreamReply } from '../server/panels.ts';

/** How an adapter of Nest hands a request on. */
export type Adapter = 'express' | 'fastify';

/** A controller of `EnsembleModule.serve` that listens on the loopback interface, and its upstream. */
export interface ServedAsNest {
  readonly url: string;
  readonly upstream: FaultServer;
  readonly registry: EnsembleRegistry;
  /** Shuts down as Nest does: the hooks before, the server, the hooks after. The upstream stays. */
  readonly close: () => Promise<void>;
}

interface Handlers {
  readonly [route: string]: (request: object, response: object) => Promise<void>;
}

/** The value of a provider that is a factory. */
export const made = (module: DynamicModule, token: unknown, ...injected: unknown[]): Promise<unknown> => {
  const provider = module.providers?.find(
    (candidate) => (candidate as FactoryProvider).provide === token,
  ) as FactoryProvider;
  return Promise.resolve(provider.useFactory(...injected));
};

/** The controller of a module that serves, made as Nest makes it. */
export const controllerOf = async (options: ServeOptions, registry: EnsembleRegistry): Promise<Handlers> => {
  const module = EnsembleModule.serve(options);
  const [provider] = module.providers as [FactoryProvider];
  const [Controller] = module.controllers as [Type<Handlers>];
  return new Controller(await provider.useFactory(registry));
};

/** The pattern that a path below `/api/ai` matches. */
const routeOf = (controller: object, path: string): string | undefined =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(controller)).find(
    (name) => name.startsWith('/') && new RegExp(`^${name.replace(':id', '[^/]+')}$`).test(path || '/'),
  );

const parsed = async (request: IncomingMessage): Promise<unknown> => {
  const type = request.headers['content-type'];
  if (type !== 'application/json') return undefined;
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
};

/** Serves panels below `/api/ai`, with requests and responses as Express or Fastify hand them on. */
export const servePanelsAsNest = async (
  adapter: Adapter,
  options: Partial<ServeOptions> & { readonly graceMs?: number } = {},
): Promise<ServedAsNest> => {
  const { graceMs = 0, ...more } = options;
  const upstream = await startFaultServer();
  upstream.answer(upstreamReply);
  const registry = new EnsembleRegistry({ ensembles: panels(upstream.baseURL), graceMs });
  const controller = await controllerOf({ path: 'ai', ...more } as ServeOptions, registry);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '', 'http://x').pathname.slice('/api/ai'.length);
    const handle = controller[routeOf(controller, path) ?? ''];
    if (handle === undefined) {
      response.writeHead(404).end();
      return;
    }
    const body = await parsed(request);
    if (adapter === 'express')
      await handle.call(controller, Object.assign(request, { originalUrl: request.url, body }), response);
    else
      await handle.call(
        controller,
        { raw: request, originalUrl: request.url, body },
        { raw: response, hijack: () => undefined, getHeaders: () => ({ 'x-hook': 'set' }) },
      );
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/ai`,
    upstream,
    registry,
    async close() {
      registry.beforeApplicationShutdown();
      await new Promise((resolve) => server.close(resolve));
      await registry.onApplicationShutdown();
    },
  };
};
