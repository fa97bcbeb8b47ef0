import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { installClients } from './install.ts';

/** Builds an application of Next whose one route serves the panels of the tests. Returns its folder. */
export const buildNextApp = (): string => {
  const { url, bin } = installClients();
  const app = fileURLToPath(new URL('next-app/', url));
  const route = `${app}app/[...path]`;
  mkdirSync(route, { recursive: true });
  buildSync({
    entryPoints: [fileURLToPath(new URL('next-route.ts', import.meta.url))],
    outfile: `${route}/route.js`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  writeFileSync(`${app}app/layout.js`, 'export default function Layout({ children }) { return children; }\n');
  writeFileSync(`${app}package.json`, '{ "private": true, "type": "module" }\n');
  // The packages lie in the folder above.
  writeFileSync(
    `${app}next.config.js`,
    `export default { turbopack: { root: ${JSON.stringify(fileURLToPath(url))} } };\n`,
  );
  execFileSync(bin('next'), ['build'], {
    cwd: app,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  });
  return app;
};
