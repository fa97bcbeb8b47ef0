import { totalCost } from '../account.ts';
import type { Clock } from '../clock.ts';
import { NoConsensusError, type NoPredictionError } from '../errors.ts';
import type { Attempt, FailedAttempt, Outcome } from '../outcome.ts';
import type { Prediction } from '../prediction.ts';
import type { Query } from '../query.ts';
import type { Tally } from '../tally.ts';
import type { EnsembleEvent, EventOf } from './event.ts';
import type { Telemetry } from './telemetry.ts';

/** What is known of a prediction when it begins. */
export interface Opening {
  readonly query: Query;
  readonly models: readonly string[];
  readonly strategy: string;
  readonly execution: string;
  readonly clock: Clock;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

type Asked = FailedAttempt['model'];

/** Tells the listeners of an ensemble what happens in one prediction. */
export interface Watch {
  readonly callStarted: (call: number, attempt: number, model: Asked) => void;
  /** An attempt has failed, and another one follows. */
  readonly attemptFailed: (call: number, attempt: number, model: Asked, failed: Attempt) => void;
  /** The last attempt has ended, with this outcome of its own. */
  readonly callEnded: (call: number, attempt: number, model: Asked, outcome: Outcome) => void;
  readonly within: (call: number | undefined, work: () => void) => void;
  /** The votes are in; what is made of them comes next. */
  readonly voted: (tally: Tally) => void;
  readonly predicted: (prediction: Prediction) => void;
  readonly failed: (error: NoPredictionError) => void;
  /** Whoever had asked has left; nothing where the prediction has ended before. */
  readonly left: (outcomes: () => readonly Outcome[]) => void;
}

/** Numbers predictions over all ensembles of the process. */
let predictions = 0;

/** An event with a part that is there for programs that ask for it, and not for logs. */
const withHidden = <Event extends EnsembleEvent, Name extends keyof Event>(
  event: Omit<Event, Name>,
  name: Name,
  value: Event[Name],
): Event => Object.defineProperty(event, name, { value, enumerable: false }) as Event;

/** Begins to tell of a prediction. */
export const watchPrediction = (telemetry: Telemetry, opening: Opening): Watch => {
  const { clock, metadata, models, strategy, execution, query } = opening;
  predictions += 1;
  const prediction = predictions;
  const startedAtMs = clock();
  const occurrence = () => ({
    ensemble: telemetry.ensemble,
    prediction,
    atMs: clock(),
    ...(metadata !== undefined && { metadata }),
  });
  const ofCall = (call: number, attempt: number, { id, provider, modelName }: Asked) => ({
    ...occurrence(),
    model: id,
    ...(provider !== undefined && { provider }),
    ...(modelName !== undefined && { modelName }),
    call,
    attempt,
  });
  const ending = (outcomes: readonly Outcome[]) => {
    const { costUsd, costSource } = totalCost(outcomes);
    return { ...occurrence(), durationMs: clock() - startedAtMs, costUsd, costSource };
  };
  let consensus = 0;
  let hasEnded = false;
  telemetry.emit(
    withHidden<EventOf<'predict:start'>, 'query'>(
      { type: 'predict:start', ...occurrence(), models, strategy, execution },
      'query',
      query,
    ),
  );
  return {
    callStarted(call, attempt, model) {
      telemetry.emit({ type: 'model:start', ...ofCall(call, attempt, model) });
    },
    attemptFailed(call, attempt, model, { error, latencyMs, nextInMs, costUsd, costSource }) {
      telemetry.emit({
        type: 'model:exception',
        ...ofCall(call, attempt, model),
        durationMs: latencyMs,
        costUsd,
        costSource,
        error,
        nextInMs,
      });
    },
    callEnded(call, attempt, model, outcome) {
      telemetry.emit(endOfCall(ofCall(call, attempt, model), outcome));
    },
    within: (call, work) =>
      telemetry.within(call === undefined ? { prediction } : { prediction, call }, work),
    voted({ cast, abstained, failed, consensus: share, votes }) {
      consensus = share;
      const candidates = Object.keys(votes).length;
      telemetry.emit({
        type: 'vote:complete',
        ...occurrence(),
        cast,
        abstained,
        failed,
        consensus,
        candidates,
      });
    },
    predicted(made) {
      hasEnded = true;
      telemetry.emit({ type: 'consensus:reached', ...occurrence(), consensus });
      const { status, quorum, confidence, modelsUsed, successes, failures, abstentions, cancelled } =
        made.metadata;
      telemetry.emit(
        withHidden<EventOf<'predict:stop'>, 'outcome'>(
          {
            type: 'predict:stop',
            ...ending(made.outcomes),
            status,
            consensus,
            quorum,
            confidence,
            modelsUsed,
            successes,
            failures,
            abstentions,
            cancelled,
          },
          'outcome',
          made,
        ),
      );
    },
    failed(error) {
      hasEnded = true;
      if (error instanceof NoConsensusError) {
        telemetry.emit({ type: 'consensus:failed', ...occurrence(), consensus });
      }
      telemetry.emit({ type: 'predict:exception', ...ending(error.outcomes), error });
    },
    left(outcomes) {
      if (!hasEnded) telemetry.emit({ type: 'predict:cancel', ...ending(outcomes()) });
    },
  };
};

const endOfCall = (call: Omit<EventOf<'model:start'>, 'type'>, outcome: Outcome): EnsembleEvent => {
  const { latencyMs: durationMs, costUsd, costSource, firstTokenMs } = outcome;
  const end = {
    ...call,
    durationMs,
    costUsd,
    costSource,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
  };
  if (outcome.status === 'cancelled') return { type: 'model:cancel', ...end };
  if (outcome.status === 'failed') return { type: 'model:exception', ...end, error: outcome.error };
  const { usage, finishReason, requestId, cached, text } = outcome.response;
  const confidence = outcome.status === 'answered' ? outcome.confidence : undefined;
  return withHidden<EventOf<'model:stop'>, 'text'>(
    {
      type: 'model:stop',
      ...end,
      status: outcome.status,
      ...(usage !== undefined && { usage }),
      ...(finishReason !== undefined && { finishReason }),
      ...(requestId !== undefined && { requestId }),
      ...(confidence !== undefined && { confidence }),
      isCached: cached !== undefined,
    },
    'text',
    text,
  );
};
