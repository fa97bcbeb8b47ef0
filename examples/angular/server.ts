/** Serves the built app and its panels at one origin. `npm start` builds the app first. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { createEnsemble, defineModel, simulated } from 'crucible-ensemble';
import { createEnsembleHandler, type EnsembleHandler } from 'crucible-ensemble/server';
import { type Server, serve } from 'srvx';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
};

/** Returns a file of the built app, or the page of a route. */
const fileAt = async (folder: URL, pathname: string): Promise<Response> => {
  const path = extname(pathname) === '' ? `${pathname.replace(/\/$/, '')}/index.html` : pathname;
  try {
    const file = await readFile(new URL(`.${path}`, folder));
    return new Response(file, {
      headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' },
    });
  } catch {
    return new Response('There is no such page.', { status: 404 });
  }
};

/** Serves the app in a folder, and the ensembles under `/v1`. */
export const serveApp = (folder: URL, handler: EnsembleHandler, port: number): Server =>
  serve({
    port,
    hostname: '127.0.0.1',
    silent: true,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      return pathname.startsWith('/v1/') ? handler.fetch(request) : fileAt(folder, pathname);
    },
  });

if (import.meta.main) {
  const models = [400, 1200, 2500].map((latencyMs, n) =>
    simulated({
      id: `model-${n + 1}`,
      latencyMs,
      seed: n,
      costUsd: 0.002,
      accuracy: 1,
      answer: n < 2 ? 'Paris' : 'Lyon',
    }),
  );
  const down = defineModel('down', () => {
    throw new Error('this model is down');
  });
  const handler = createEnsembleHandler({
    ensembles: { panel: createEnsemble({ models }), broken: createEnsemble({ models: [down] }) },
  });
  const server = serveApp(new URL('dist/browser/', import.meta.url), handler, 4747);
  await server.ready();
  console.log(`The panel is at ${server.url}`);
}
