import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { EnsembleHandler } from 'crucible-ensemble/server';
import { type Server, serve } from 'srvx';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
};

/** Returns a file of the built app. Its routes are all one page. */
const fileAt = async (folder: URL, pathname: string): Promise<Response> => {
  const path = extname(pathname) === '' ? '/index.html' : pathname;
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
