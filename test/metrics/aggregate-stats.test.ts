import fc from 'fast-check';
import { max, mean, sum } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  NoPredictionError,
  type Outcome,
  type Prediction,
  simulated,
} from '../../src/index.ts';
import { aggregateStats } from '../../src/metrics/aggregate-stats.ts';
import type { PredictionResult } from '../../src/metrics/stats.ts';
import { call, failure, prediction, someResult } from './predictions.ts';

/** Type 7 as Hyndman and Fan define it: the value of rank k, counted from 1, has the share (k − 1) / (n − 1). */
const naiveQuantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const shareOf = (index: number) => (sorted.length === 1 ? 1 : index / (sorted.length - 1));
  const above = sorted.findIndex((_, index) => shareOf(index) >= share);
  const [a, b] = [sorted[above - 1] ?? NaN, sorted[above] ?? NaN];
  const [from, to] = [shareOf(above - 1), shareOf(above)];
  return above === 0 ? b : a + ((share - from) / (to - from)) * (b - a);
};

/** Equal to 1e-9, as a share where the number is large. */
const expectNear = (actual: number | undefined, expected: number | undefined): void => {
  if (actual === undefined || expected === undefined) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
};

const expectDistribution = (
  actual: ReturnType<typeof aggregateStats>['latencyMs'],
  values: readonly number[],
): void => {
  const { count, ...numbers } = actual;
  expect(count).toBe(values.length);
  if (values.length === 0) {
    expect(Object.values(numbers).filter((value) => value !== undefined)).toStrictEqual([]);
    return;
  }
  expectNear(numbers.mean, mean([...values]));
  expectNear(numbers.max, max([...values]));
  expectNear(numbers.p50, naiveQuantile(values, 0.5));
  expectNear(numbers.p95, naiveQuantile(values, 0.95));
  expectNear(numbers.p99, naiveQuantile(values, 0.99));
};

const isPrediction = (result: PredictionResult): result is Prediction =>
  !(result instanceof NoPredictionError);

const knownCosts = (outcomes: readonly Outcome[]): number[] =>
  outcomes.flatMap(({ costUsd }) => (costUsd === undefined ? [] : [costUsd]));

const meanOrNothing = (values: readonly number[]) => (values.length === 0 ? undefined : mean([...values]));

describe('aggregateStats', () => {
  it('agrees with an independent library to 1e-9, over all predictions and for each model', () => {
    fc.assert(
      fc.property(fc.array(someResult, { maxLength: 40 }), (results) => {
        const stats = aggregateStats(results);
        const predictions = results.filter(isPrediction);
        const outcomes = results.flatMap((result): readonly Outcome[] => result.outcomes);
        expect(stats.count).toBe(results.length);
        expect(stats.successes).toBe(predictions.length);
        expect(stats.failures).toBe(results.length - predictions.length);
        expectDistribution(
          stats.latencyMs,
          predictions.map(({ metadata }) => metadata.latencyMs),
        );
        expectNear(stats.meanConsensus, meanOrNothing(predictions.map(({ metadata }) => metadata.consensus)));
        expectNear(stats.meanQuorum, meanOrNothing(predictions.map(({ metadata }) => metadata.quorum)));
        const costs = knownCosts(outcomes);
        expectNear(stats.costUsd.total, costs.length === 0 ? undefined : sum(costs));
        const costPerQuery = results
          .map((result) => knownCosts(result.outcomes))
          .filter((known) => known.length > 0)
          .map((known) => sum(known));
        expectNear(stats.costUsd.mean, meanOrNothing(costPerQuery));
        expect(stats.models.map(({ model }) => model)).toStrictEqual([
          ...new Set(outcomes.map(({ model }) => model)),
        ]);
        for (const { model, calls, latencyMs, costUsd, ...counts } of stats.models) {
          const own = outcomes.filter((outcome) => outcome.model === model);
          expect(calls).toBe(own.length);
          const counted = (status: Outcome['status']): number =>
            own.filter((outcome) => outcome.status === status).length;
          expect(counts).toStrictEqual({
            successes: counted('answered'),
            abstentions: counted('abstained'),
            failures: counted('failed'),
            cancelled: counted('cancelled'),
          });
          expectDistribution(
            latencyMs,
            own.filter(({ status }) => status !== 'cancelled').map((outcome) => outcome.latencyMs),
          );
          expectNear(costUsd.mean, meanOrNothing(knownCosts(own)));
          expect(costUsd.source === 'partial').toBe(
            knownCosts(own).length > 0 && knownCosts(own).length < own.length,
          );
        }
      }),
    );
  });

  it('gives what R gives for the fuel consumption of the 32 cars of its data set mtcars', () => {
    const mpg = [
      21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 32.4,
      30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4,
    ];
    const {
      count,
      mean: average,
      p50,
      p95,
      p99,
      max: most,
    } = aggregateStats(mpg.map((latencyMs) => prediction({ metadata: { latencyMs } }))).latencyMs;
    expect([count, most]).toStrictEqual([32, 33.9]);
    expectNear(average, 20.090625);
    expectNear(p50, 19.2);
    expectNear(p95, 31.3);
    expectNear(p99, 33.435);
  });

  it('does not depend on the order of the predictions, but for rounding', () => {
    const shuffled = fc
      .array(someResult, { maxLength: 20 })
      .chain((results) =>
        fc.tuple(
          fc.constant(results),
          fc.shuffledSubarray(results, { minLength: results.length, maxLength: results.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([results, others]) => {
        const [stats, other] = [aggregateStats(results), aggregateStats(others)];
        expect(other.costUsd.source).toBe(stats.costUsd.source);
        expectNear(other.costUsd.total, stats.costUsd.total);
        expect(other.latencyMs.p95).toBe(stats.latencyMs.p95);
        expect(other.errors).toStrictEqual(stats.errors);
      }),
    );
  });

  it('says nothing of nothing', () => {
    expect(aggregateStats([])).toMatchObject({
      count: 0,
      successShare: undefined,
      latencyMs: {
        count: 0,
        mean: undefined,
        p50: undefined,
        p95: undefined,
        p99: undefined,
        max: undefined,
      },
      costUsd: { total: undefined, mean: undefined, source: 'unknown' },
      meanConsensus: undefined,
      models: [],
    });
  });

  it.each([
    [[0.001, 0.002], 0.003, 'reported'],
    [[0.001, undefined], 0.001, 'partial'],
    [[undefined, undefined], undefined, 'unknown'],
    [[0, 0], 0, 'reported'],
  ])('adds costs of %j up to %s, which is %s', (costs, total, source) => {
    const results = costs.map((costUsd) =>
      prediction({
        calls: [call('a', { costUsd, costSource: costUsd === undefined ? 'unknown' : 'reported' })],
      }),
    );
    const { costUsd, models } = aggregateStats(results);
    expectNear(costUsd.total, total);
    expect(costUsd.source).toBe(source);
    expectNear(models[0]?.costUsd.total, total);
    expect(models[0]?.costUsd.source).toBe(source);
  });

  it('marks a sum as estimated or partial if one of its costs is estimated or unknown', () => {
    const estimated = prediction({ calls: [call('a', { costSource: 'estimated' })] });
    const partial = prediction({ calls: [call('a', { costSource: 'partial' })] });
    expect(aggregateStats([prediction(), estimated]).costUsd.source).toBe('estimated');
    expect(aggregateStats([partial, estimated]).costUsd.source).toBe('partial');
  });

  it('counts what a query without a prediction cost, and nothing for one that made no call', () => {
    const stats = aggregateStats([prediction(), failure([call('a', { status: 'failed', costUsd: 0.5 })])]);
    expect(stats).toMatchObject({ failures: 1, successShare: 0.5, errors: { AllModelsFailedError: 1 } });
    expectNear(stats.costUsd.total, 0.503);
    expect(aggregateStats([prediction(), failure([])])).toMatchObject({
      costUsd: { source: 'reported' },
      errors: { CancelledError: 1 },
    });
  });

  it('counts in the account of a real ensemble what the ensemble did', async () => {
    const ensemble = createEnsemble({
      models: [
        simulated({ id: 'right', seed: 1, accuracy: 1, costUsd: 0.25 }),
        simulated({ id: 'dead', seed: 2, failureRate: 1 }),
      ],
      minResponses: 1,
    });
    const dead = createEnsemble({ models: [simulated({ id: 'dead', seed: 3, failureRate: 1 })] });
    const error = await dead.predict('What is 2 + 2?').catch((reason: unknown) => reason);
    if (!(error instanceof NoPredictionError)) throw error;
    const stats = aggregateStats([await ensemble.predict('What is 2 + 2?'), error]);
    expect(stats).toMatchObject({ count: 2, successes: 1, failures: 1, degraded: 1, meanQuorum: 0.5 });
    expect(stats.models.map(({ model, successes, failures }) => [model, successes, failures])).toStrictEqual([
      ['right', 1, 0],
      ['dead', 0, 2],
    ]);
    expect(stats.strategies).toStrictEqual([{ strategy: 'majority', execution: 'parallel', count: 1 }]);
  });

  it('leaves out invalid durations', () => {
    const results = [NaN, Infinity, -1, 5].map((latencyMs) => prediction({ metadata: { latencyMs } }));
    expect(aggregateStats(results).latencyMs).toMatchObject({ count: 1, mean: 5, p99: 5 });
  });
});
