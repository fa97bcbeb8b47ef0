import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/nothing-left-behind.ts'],
    // Documentation examples import the package by its name; here that is the source.
    alias: { 'crucible-ensemble': new URL('./src/index.ts', import.meta.url).pathname },
  },
});
