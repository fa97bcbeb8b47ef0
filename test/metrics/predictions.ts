import fc from 'fast-check';
import { totalCost } from '../../src/engine/account.ts';
import {
  AllModelsFailedError,
  type CallAccount,
  CancelledError,
  ModelError,
  type Outcome,
  type Prediction,
  type Query,
} from '../../src/index.ts';
import type { PredictionResult } from '../../src/metrics/stats.ts';

/** A call of a model, as far as statistics look at it. */
export interface CallSketch extends Pick<CallAccount, 'latencyMs' | 'costUsd' | 'costSource' | 'maxCostUsd'> {
  readonly model: string;
  readonly status: Outcome['status'];
}

const toOutcome = ({ status, ...rest }: CallSketch, index: number, answer: unknown): Outcome => {
  const account = { index, ...rest };
  const response = { text: String(answer) };
  if (status === 'answered') {
    return { status, ...account, response, answer, key: String(answer), confidence: undefined };
  }
  if (status === 'abstained') return { status, ...account, response, reason: 'found no answer' };
  if (status === 'failed') return { status, ...account, error: new ModelError(rest.model, 'unreachable') };
  return { status, ...account };
};

/** What is to be told of a prediction; everything else about it is plain. */
export interface PredictionSketch {
  readonly query?: Query;
  readonly answer?: unknown;
  readonly text?: string;
  readonly calls?: readonly CallSketch[];
  readonly metadata?: Partial<Prediction['metadata']>;
}

export const call = (model: string, more: Partial<CallSketch> = {}): CallSketch => ({
  model,
  status: 'answered',
  latencyMs: 10,
  costUsd: 0.001,
  costSource: 'reported',
  ...more,
});

/** A prediction whose account is that of its calls. */
export const prediction = ({
  query = 'What is 2 + 2?',
  answer = '4',
  text = String(answer),
  calls = [call('model-1'), call('model-2'), call('model-3')],
  metadata = {},
}: PredictionSketch = {}): Prediction => {
  const outcomes = calls.map((sketch, index) => toOutcome(sketch, index, answer));
  const counted = (status: Outcome['status']) =>
    outcomes.filter((outcome) => outcome.status === status).length;
  return {
    query,
    answer,
    text,
    outcomes,
    metadata: {
      consensus: 1,
      quorum: 1,
      status: 'complete',
      stoppedBy: 'completion',
      missing: [],
      confidence: undefined,
      votes: {},
      latencyMs: Math.max(0, ...calls.map(({ latencyMs }) => latencyMs)),
      ...totalCost(outcomes),
      successes: counted('answered'),
      failures: counted('failed'),
      abstentions: counted('abstained'),
      cancelled: counted('cancelled'),
      strategy: 'majority',
      execution: 'parallel',
      warnings: [],
      ...metadata,
    },
  };
};

/** A query that got no prediction, with the account of its calls. */
export const failure = (calls: readonly CallSketch[] = [call('model-1', { status: 'failed' })]) =>
  calls.length === 0
    ? new CancelledError()
    : new AllModelsFailedError(calls.map((sketch, index) => toOutcome(sketch, index, '4')));

const amount = fc.double({ min: 0, max: 1e6, noNaN: true });

const someCall: fc.Arbitrary<CallSketch> = fc
  .record({
    model: fc.constantFrom('model-1', 'model-2', '__proto__'),
    status: fc.constantFrom(
      'answered' as const,
      'abstained' as const,
      'failed' as const,
      'cancelled' as const,
    ),
    latencyMs: amount,
    costUsd: fc.option(amount, { nil: undefined }),
    isEstimated: fc.boolean(),
  })
  .map(({ isEstimated, ...rest }) => ({
    ...rest,
    costSource: rest.costUsd === undefined ? 'unknown' : isEstimated ? 'estimated' : 'reported',
  }));

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Any prediction, or any failure to make one. */
export const someResult: fc.Arbitrary<PredictionResult> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        calls: fc.array(someCall, { minLength: 1, maxLength: 4 }),
        metadata: fc.record({
          consensus: share,
          quorum: share,
          latencyMs: amount,
          status: fc.constantFrom('complete' as const, 'degraded' as const),
          strategy: fc.constantFrom('majority', 'weighted'),
        }),
      })
      .map(prediction),
  },
  { weight: 1, arbitrary: fc.array(someCall, { maxLength: 4 }).map(failure) },
);
