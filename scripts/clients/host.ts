/**
 * One host in a process of its own: `node scripts/clients/host.ts srvx http://127.0.0.1:9999`. Serves the panels of the tests
 * with an upstream, prints its port, and tells at `/left` how many listeners are on the signals of its requests.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { installed } from './install.ts';
import { type Handle, watchedHandler } from './watched-handler.ts';

type Start = (handle: Handle) => Promise<number>;

const [name = '', upstream = ''] = process.argv.slice(2);
const handle = watchedHandler(upstream);

const portOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.once('listening', () => resolve((server.address() as AddressInfo).port));
  });

interface NodeServer {
  getRequestListener(handle: Handle): (request: unknown, response: unknown) => void;
  serve(options: object): Server;
}
interface Express {
  readonly default: () => { use(listener: unknown): void; listen(port: number, host: string): Server };
}

const LOCAL = { hostname: '127.0.0.1', port: 0 };

const hosts: Readonly<Record<string, Start>> = {
  async srvx(fetch) {
    const { serve } = await import('srvx');
    const server = serve({ fetch, ...LOCAL, silent: true, gracefulShutdown: false });
    await server.ready();
    return Number(new URL(server.url ?? '').port);
  },
  async 'hono-node-server'(fetch) {
    const { serve } = await installed<NodeServer>('@hono/node-server');
    return portOf(serve({ fetch, ...LOCAL }));
  },
  async hono(fetch) {
    const { serve } = await installed<NodeServer>('@hono/node-server');
    const { Hono } = await installed<{
      Hono: new () => {
        all(path: string, handle: (context: { req: { raw: Request } }) => unknown): void;
        fetch: Handle;
      };
    }>('hono');
    const app = new Hono();
    app.all('*', ({ req }) => fetch(req.raw));
    return portOf(serve({ fetch: app.fetch, ...LOCAL }));
  },
  async express(fetch) {
    const { default: express } = await installed<Express>('express');
    const { getRequestListener } = await installed<NodeServer>('@hono/node-server');
    const app = express();
    app.use(getRequestListener(fetch));
    return portOf(app.listen(LOCAL.port, LOCAL.hostname));
  },
  async bun(fetch) {
    const { Bun } = globalThis as unknown as { Bun: { serve(options: object): { port: number } } };
    // Bun closes a connection that says nothing for 10 seconds.
    return Bun.serve({ fetch, ...LOCAL, idleTimeout: 60 }).port;
  },
  async deno(fetch) {
    const { Deno } = globalThis as unknown as {
      Deno: { serve(options: object, handle: Handle): { addr: { port: number } } };
    };
    return Deno.serve({ ...LOCAL, onListen: () => undefined }, fetch).addr.port;
  },
};

const start = hosts[name];
if (start === undefined) throw new Error(`expected ${Object.keys(hosts).join(' or ')}, but got ${name}`);
console.log(JSON.stringify({ port: await start(handle) }));
