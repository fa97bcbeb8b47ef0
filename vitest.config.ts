import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

/** The package by its names, as examples and documentation import it; here each is the source it is built from. */
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

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/nothing-left-behind.ts'],
    alias,
  },
});
