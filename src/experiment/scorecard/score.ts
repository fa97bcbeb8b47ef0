import { lastValueFrom } from 'rxjs';
import { itemsOf } from '../../domain/items-of.ts';
import { anIterable, faultsOf, reading, refuse, required } from '../../options.ts';
import { inSlices, pauses } from '../../time/in-slices.ts';
import type { Trial } from '../trial.ts';
import type { Scorecard } from './scorecard.ts';
import { type ScorecardOptions, type ScorecardSteps, scorecardInSteps } from './scorecard-fold.ts';

/**
 * Compares the conditions of an experiment: accuracy, cost, latency and calls of each with intervals, calibration of
 * confidences, significant differences, and the questions that differ. Takes one pass over the trials. Makes no calls
 * itself; reading the trials makes theirs.
 *
 * If `conditions` are named, memory does not grow with the number of questions; see {@link scorecardFold}, which can be read
 * while trials arrive.
 *
 * A prediction is right if its score is 1. Two conditions are compared on the questions that both have trials of.
 *
 * @throws {ConfigError} if an option is invalid. The promise rejects with it if a trial has a condition that is not among
 * the named ones, and with the error of the trials if reading them fails.
 *
 * @example
 * ```ts
 * import { simulated } from 'crucible-ensemble';
 * import { runExperiment, scorecard } from 'crucible-ensemble/experiment';
 *
 * const models = ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 0.7, costUsd: 0.001 }));
 * const trials = runExperiment({
 *   dataset: Array.from({ length: 200 }, (_, n) => ({ id: `${n}`, question: `What is ${n} + 1?`, expected: `${n + 1}` })),
 *   conditions: { one: { models: models.slice(0, 1), minResponses: 1 }, three: { models } },
 * });
 * const { conditions, comparisons } = await scorecard(trials, { baseline: 'one' });
 * conditions.map(({ condition, calls }) => [condition, calls.perQuestion]); // => [['one', 1], ['three', 3]]
 * const [{ difference, pValue, costRatio } = {}] = comparisons;
 * costRatio?.toFixed(1); // => '3.0'
 * (difference?.low ?? 0) > 0 && (pValue ?? 1) < 0.05; // => true
 * ```
 */
export const scorecard = (
  trials: Iterable<Trial> | AsyncIterable<Trial>,
  options: ScorecardOptions = {},
): Promise<Scorecard> =>
  reading('scorecard', () => {
    refuse(faultsOf('scorecard', { trials }, { trials: required(anIterable) }));
    return readTrials(scorecardInSteps(options), trials);
  });

const readTrials = async (
  fold: ScorecardSteps,
  trials: Iterable<Trial> | AsyncIterable<Trial>,
): Promise<Scorecard> => {
  const pause = pauses();
  for await (const trial of itemsOf(trials)) {
    reading('scorecard', () => fold.add(trial));
    const pending = pause();
    if (pending !== undefined) await pending;
  }
  return lastValueFrom(inSlices(fold.steps));
};
