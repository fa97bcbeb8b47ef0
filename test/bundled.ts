import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Bundles a program into one file, and returns its path. A process that runs the bundle starts in a fraction of the time.
 * The file is removed after the test.
 */
export const bundled = (program: URL): string => {
  const outfile = join(temporaryFolder(), 'program.mjs');
  buildSync({
    entryPoints: [fileURLToPath(program)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    // CommonJS modules in the bundle need `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outfile,
  });
  return outfile;
};
