import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CrucibleError } from '../../src/domain/errors.ts';
import { unhandledDuring } from '../hooks/unhandled-during.ts';
import { exportedFunctions, opensSockets, takesPaths } from './exports.ts';
import { junkFor } from './junk.ts';
import { settled } from './settled.ts';

/** More for a longer search: `FUZZ_RUNS=20000 npx vitest run test/fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 40);
const SEED = Number(process.env.FUZZ_SEED ?? 12);

/** Functions with a documented error that is not of this library. */
const documented: Readonly<Record<string, new () => Error>> = {
  answerKey: TypeError,
  // The errors of decorators of Nest that are called with what they do not decorate.
  ClientSignal: Error,
  InjectEnsemble: Error,
  // The error of reading their source.
  scorecard: Error,
  labelledBallots: Error,
  // The errors of the rules that they were given.
  allOf: Error,
  anyOf: Error,
  'stop.allOf': Error,
  'stop.anyOf': Error,
  // The errors of a promise in the place of a progress, which is returned for an event that changes nothing.
  nextProgress: Error,
  // The errors of Angular outside of an injection context.
  injectEnsemble: Error,
  predictResource: Error,
  // The errors of comparing an answer, such as those of answerKey and RegExp.
  exact: Error,
  matching: Error,
  sameSet: Error,
  within: Error,
};

const exported = (await exportedFunctions()).filter(({ name }) => !opensSockets.has(name));

beforeEach(() => {
  for (const method of ['error', 'warn'] as const)
    vi.spyOn(console, method).mockImplementation(() => undefined);
});

afterEach(() => void vi.restoreAllMocks());

it.each(exported)(
  '$name takes anything, or refuses it with an error of this library',
  async ({ name, report, call }) => {
    const allowed = documented[name] ?? CrucibleError;
    const unhandled = await unhandledDuring(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(junkFor(report, !takesPaths.has(name)), { maxLength: 4 }),
          fc.array(junkFor(report, !takesPaths.has(name)), { maxLength: 2 }),
          async (makes, makesOfResult) => {
            const args = makes.map((make) => make());
            try {
              const result = call(...args);
              await settled(result);
              // What the caller passed is returned by some functions, and may throw anything.
              if (typeof result === 'function' && !args.includes(result))
                await settled(result(...makesOfResult.map((make) => make())));
            } catch (error) {
              expect(error).toBeInstanceOf(allowed);
            }
          },
        ),
        { numRuns: RUNS, seed: SEED },
      ),
    );
    expect(unhandled).toStrictEqual([]);
  },
);
