import { defineConfig } from 'vitest/config';

/** The tests that mutants are run against: `scripts/check-mutants.ts` names them, so that a mutant takes a second. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env.MUTANT_TESTS ?? '["test/**/*.test.ts"]'),
    setupFiles: ['test/nothing-left-behind.ts', 'test/same-draws.ts'],
    testTimeout: 30_000,
  },
});
