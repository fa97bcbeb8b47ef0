import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

/** Resolves the package's own name, as examples and documentation import it, to the sources. */
const alias = Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
  typeof entry === 'string'
    ? []
    : [
        {
          find: new RegExp(`^crucible-ensemble${subpath.slice(1)}$`),
          replacement: new URL(
            entry.default.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
            import.meta.url,
          ).pathname,
        },
      ],
);

const SOCKETS = 'test/**/*.sockets.test.ts';
const PROCESSES = 'test/**/*.process.test.ts';

// A test file's name says what it needs. See "Tests" in CONTRIBUTING.md.
export default defineConfig({
  test: {
    alias,
    setupFiles: ['test/nothing-left-behind.ts', 'test/same-draws.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The default of a second is short on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    // All cores: by default one is left idle, which is half of a machine with two.
    maxWorkers: '100%',
    coverage: { include: ['src/**'], reporter: [['text', { skipFull: true, maxCols: 150 }]] },
    projects: [
      {
        extends: true,
        // Virtual time, no I/O but reading files: many files share a thread and the modules that it has loaded.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [SOCKETS, PROCESSES],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        extends: true,
        // Real connections to servers on the loopback interface.
        test: { name: 'sockets', include: [SOCKETS], pool: 'threads', isolate: false },
      },
      {
        extends: true,
        // Children, kills, a browser, memory, and whole programs. Children start faster with a cache of what Node compiles.
        test: {
          name: 'processes',
          include: [PROCESSES],
          env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('temp/compile-cache', import.meta.url)) },
        },
      },
    ],
  },
});
