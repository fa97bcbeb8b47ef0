import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluate, recordings } from '../bench/recorded-answers/evaluate.ts';
import { studyOf, violationsOf } from '../bench/recorded-answers/study.ts';

const folder = fileURLToPath(new URL('../../shared/data', import.meta.url));
const found = recordings(folder);

/** Lists such as "(A, D, F)" and cut texts, in which an extractor finds the right letter by luck. */
const byLuck: Readonly<Record<string, number>> = { 'Qwen1.5-72B-Chat': 10 };

describe.skipIf(found.length === 0)(
  'an ensemble of replayed models, on recorded answers of real ones',
  () => {
    it.for(found.map((recording) => [recording.name, recording] as const))(
      '%s: reads as many right answers as independent scripts do, and `decided` changes no answer',
      async ([, recording]) => {
        const { reference } = recording;
        const result = await evaluate(recording);
        const tolerance = 0.005 * reference.n;

        expect(result.questions).toBe(reference.n);
        expect(result.models.map(({ id }) => id)).toStrictEqual(Object.keys(reference.single));
        for (const { id, correct } of result.models) {
          // Plain extractors miss answers that are read here: docs/normalizers/README.md says which.
          const expected = (reference.single[id] ?? Number.NaN) - (byLuck[id] ?? 0);
          expect(correct, id).toBeGreaterThanOrEqual(expected - tolerance);
        }
        expect(result.majority).toBeGreaterThanOrEqual(reference.plurality - tolerance);
        expect(result.differing).toBe(0);
        expect(result.callsSaved).toBeGreaterThan(0);

        // As docs/coming-from-elixir.md says.
        const { calls, correct, same } = result.sequential;
        const [least, most] = result.models.length < 8 ? [0.21, 0.22] : [0.58, 0.67];
        expect(1 - calls / result.calls).toBeGreaterThan(least);
        expect(1 - calls / result.calls).toBeLessThan(most);
        expect(correct).toBeGreaterThanOrEqual(result.majority - 1);
        expect(same / result.questions).toBeGreaterThanOrEqual(0.95);
        expect(result.callsSaved / result.calls).toBeGreaterThan(0.085);
        expect(result.callsSaved / result.calls).toBeLessThan(0.315);
      },
    );

    it.for(found.map((recording) => [recording.name, recording] as const))(
      '%s: a tuned panel is no worse than the best single model, does as `tune` says, and can be calibrated',
      { timeout: 300_000 },
      async ([, recording]) => {
        const study = await studyOf(recording);

        expect(study.questions).toBe(recording.reference.n);
        expect(study.tuned.isAimMet).toBe(true);
        expect(violationsOf(study)).toStrictEqual([]);
      },
    );
  },
);

it.runIf(found.length === 0)('skips the recorded answers, which are not in ../shared/data', () => {
  expect(found).toStrictEqual([]);
});
