import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Recording, recordings } from '../../../bench/recorded-answers/evaluate.ts';
import { recordedModel } from '../../../src/experiment/journal/recorded-model.ts';
import { runExperiment } from '../../../src/experiment/run-experiment.ts';
import { scorecard } from '../../../src/experiment/scorecard/score.ts';
import type { Scorecard } from '../../../src/experiment/scorecard/scorecard.ts';

const found = recordings(fileURLToPath(new URL('../../../shared/data', import.meta.url)));

const majorityOf = ({ questions, reference, normalization }: Recording): Promise<Scorecard> => {
  const models = Object.keys(reference.single).map(recordedModel);
  const trials = runExperiment({
    dataset: questions,
    conditions: { majority: { models, normalization, minResponses: 1 } },
  });
  return scorecard(trials, { conditions: ['majority'], normalization });
};

describe.skipIf(found.length === 0)('a scorecard of recorded answers', () => {
  it.for(found.map((recording) => [recording.name, recording] as const))(
    '%s: counts what independent scripts count, for the panel and for each of its models',
    { timeout: 60_000 },
    async ([, recording]) => {
      const { reference } = recording;
      const tolerance = 0.005 * reference.n;
      const [majority] = (await majorityOf(recording)).conditions;

      expect(majority?.labelled).toBe(reference.n);
      expect(Math.abs((majority?.right ?? 0) - reference.plurality)).toBeLessThanOrEqual(tolerance);
      expect(majority?.models.map(({ model }) => model)).toStrictEqual(Object.keys(reference.single));
      for (const { model, right } of majority?.models ?? []) {
        expect(Math.abs(right - (reference.single[model] ?? Number.NaN)), model).toBeLessThanOrEqual(
          tolerance,
        );
      }
    },
  );

  it.for(['gsm8k-zeroeval-8peers', 'prime-llmdrift-4models'])(
    '%s: calibrates the consensus of one half by the other to less than three points',
    { timeout: 60_000 },
    async (name) => {
      const recording = found.find((each) => each.name === name);
      const [majority] = recording === undefined ? [] : (await majorityOf(recording)).conditions;
      expect(majority?.calibration.before.ece).toBeGreaterThan(0.08);
      expect(majority?.calibration.after.ece).toBeLessThan(0.03);
    },
  );
});
