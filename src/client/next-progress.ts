import type { CallRole } from '../domain/call-role.ts';
import { plus } from '../domain/cost.ts';
import { ConfigError } from '../domain/errors.ts';
import type { CostSource } from '../domain/outcome.ts';
import type { RemoteEvent, RemoteOutcome, RemotePrediction } from './remote-prediction.ts';

/** One call of a prediction as far as it is known. */
export interface CallProgress<Answer = unknown> {
  /** The number of the call, in the order of starting, from 0. */
  readonly call: number;
  /** The id of the model. */
  readonly model: string;
  /** The position of the model in the panel, from 0. */
  readonly index: number;
  /** What the call is for; absent for a call of a member. */
  readonly role?: CallRole;
  readonly status: 'waiting' | 'writing' | RemoteOutcome['status'];
  /** What the model has written so far. */
  readonly text: string;
  /** The result of the call; absent while it is in flight. */
  readonly outcome?: RemoteOutcome<Answer>;
}

/** A prediction as far as it is known, for a page that shows it while it is made. */
export interface PredictionProgress<Answer = unknown> {
  /** Every call that was started, in the order of starting. */
  readonly calls: readonly CallProgress<Answer>[];
  /** The votes so far, per answer. */
  readonly votes: Readonly<Record<string, number>>;
  /** The share of the votes that are for the leader, from 0 to 1; `undefined` before the first vote. */
  readonly consensus: number | undefined;
  /** The sum of the known costs, in USD; a lower bound, `partial`, until the prediction is complete. */
  readonly cost: { readonly costUsd: number | undefined; readonly costSource: CostSource };
  /** The prediction, once it is complete. */
  readonly prediction?: RemotePrediction<Answer>;
}

/** The progress of a prediction that has not begun. */
export const noProgress: PredictionProgress<never> = {
  calls: [],
  votes: {},
  consensus: undefined,
  cost: { costUsd: undefined, costSource: 'unknown' },
};

/**
 * Returns the progress of a prediction after an event: a reducer for `scan`, for `useReducer` and for signals.
 *
 * @throws {ConfigError} for values that are no progress and no event.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { nextProgress, noProgress } from 'crucible-ensemble/client';
 * import { lastValueFrom, scan } from 'rxjs';
 *
 * const models = ['4', '4', '5'].map((answer, n) => defineModel(`model-${n}`, () => answer));
 * const panel = createEnsemble({ models });
 * const progress = await lastValueFrom(panel.stream('What is 2 + 2?').pipe(scan(nextProgress<string>, noProgress)));
 * progress.votes; // => { '4': 2, '5': 1 }
 * progress.calls.map(({ model, status }) => `${model} ${status}`);
 * // => ['model-0 answered', 'model-1 answered', 'model-2 answered']
 * ```
 */
export const nextProgress = <Answer>(
  progress: PredictionProgress<Answer>,
  event: RemoteEvent<Answer>,
): PredictionProgress<Answer> =>
  reading('nextProgress: expected a progress, such as noProgress, and an event', () =>
    after(progress, event),
  );

const after = <Answer>(
  progress: PredictionProgress<Answer>,
  event: RemoteEvent<Answer>,
): PredictionProgress<Answer> => {
  switch (event.type) {
    case 'call-start': {
      const { call, model, index, role } = event;
      const started = { call, model, index, ...(role !== undefined && { role }) };
      return { ...progress, calls: [...progress.calls, { ...started, status: 'waiting', text: '' }] };
    }
    case 'delta':
      return changed(progress, event.call, ({ text }) => ({ status: 'writing', text: text + event.text }));
    case 'reasoning-delta':
    case 'tool-input-delta':
      return changed(progress, event.call, () => ({ status: 'writing' }));
    case 'call-retry':
      return changed(progress, event.call, () => ({ status: 'waiting', text: '' }));
    case 'call-end': {
      const { call, outcome } = event;
      const costUsd = plus(progress.cost.costUsd, outcome.costUsd);
      const costSource = costUsd === undefined ? 'unknown' : 'partial';
      return changed({ ...progress, cost: { costUsd, costSource } }, call, ({ text }) => ({
        status: outcome.status,
        text: 'response' in outcome ? outcome.response.text : text,
        outcome,
      }));
    }
    case 'consensus':
      return { ...progress, votes: event.votes, consensus: event.consensus };
    case 'complete': {
      const { votes, consensus, costUsd, costSource } = event.prediction.metadata;
      return { ...progress, votes, consensus, cost: { costUsd, costSource }, prediction: event.prediction };
    }
    default:
      return progress;
  }
};

/** Returns the progress of a prediction that was cancelled: its calls in flight are, too. */
export const cancelledProgress = <Answer>(progress: PredictionProgress<Answer>): PredictionProgress<Answer> =>
  reading('cancelledProgress: expected a progress, such as noProgress', () => ({
    ...progress,
    calls: progress.calls.map((call) =>
      call.outcome === undefined ? { ...call, status: 'cancelled' } : call,
    ),
  }));

const reading = <Progress>(expected: string, read: () => Progress): Progress => {
  try {
    return read();
  } catch {
    throw new ConfigError([expected]);
  }
};

const changed = <Answer>(
  progress: PredictionProgress<Answer>,
  number: number,
  change: (call: CallProgress<Answer>) => Partial<CallProgress<Answer>>,
): PredictionProgress<Answer> => ({
  ...progress,
  calls: progress.calls.map((call) => (call.call === number ? { ...call, ...change(call) } : call)),
});
