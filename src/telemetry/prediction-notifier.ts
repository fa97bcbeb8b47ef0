import type { ModelIdentity } from '../domain/attempt.ts';
import type { CallRole } from '../domain/call-role.ts';
import { sumOf } from '../domain/cost.ts';
import { NoConsensusError, type NoPredictionError } from '../domain/no-prediction.ts';
import type { Attempt, Outcome } from '../domain/outcome.ts';
import type { Prediction, PredictionMetadata } from '../domain/prediction.ts';
import { providerMetadata } from '../domain/provider-report.ts';
import type { Tally } from '../domain/tally.ts';
import type { Clock } from '../time/clock.ts';
import type { EnsembleEvent, EventOf } from './event.ts';
import type { Listeners } from './telemetry.ts';

/** The facts of a prediction that are known when it begins. */
export interface NotifierOptions {
  readonly ensemble: string;
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** Notifies the listeners of an ensemble of the events of one prediction. */
export interface PredictionNotifier {
  /** The same prediction, for the calls that have a role. */
  readonly withRole: (role: CallRole) => PredictionNotifier;
  readonly started: (
    asked: Pick<EventOf<'predict:start'>, 'models' | 'strategy' | 'execution' | 'query'>,
  ) => void;
  readonly callStarted: (call: number, attempt: number, model: ModelIdentity) => void;
  /** An attempt has failed, and another follows. */
  readonly attemptFailed: (call: number, attempt: number, model: ModelIdentity, failed: Attempt) => void;
  /** The last attempt has ended with this outcome, which excludes the attempts before. */
  readonly callEnded: (call: number, attempt: number, model: ModelIdentity, outcome: Outcome) => void;
  readonly within: (call: number | undefined, work: () => void) => void;
  /** The votes are counted; a prediction or an error follows. */
  readonly votesCounted: (
    tally: Pick<Tally, 'successes' | 'abstentions' | 'failures' | 'consensus'>,
    votes: Tally['votes'],
    end: Pick<PredictionMetadata, 'stoppedBy' | 'threshold'>,
  ) => void;
  readonly succeeded: (prediction: Prediction) => void;
  readonly failed: (error: NoPredictionError) => void;
  /** The caller has unsubscribed. Does nothing if the prediction has ended. */
  readonly cancelled: (outcomes: () => readonly Outcome[]) => void;
}

/** Numbers predictions over all ensembles of the process. */
let predictions = 0;

/** Adds properties that are not enumerable to an event, so that logs leave them out. */
const withHidden = <Event extends EnsembleEvent, Name extends keyof Event>(
  event: Omit<Event, Name>,
  hidden: Pick<Event, Name>,
): Event => {
  for (const name in hidden)
    if (hidden[name] !== undefined)
      Object.defineProperty(event, name, { value: hidden[name], enumerable: false });
  return event as Event;
};

/** Returns the notifier of a prediction, which gets the next number. */
export const createNotifier = (listeners: Listeners, opening: NotifierOptions): PredictionNotifier => {
  const { ensemble, clock, startedAtMs, metadata } = opening;
  predictions += 1;
  const prediction = predictions;
  // Spelled out, here and below: a prediction makes some ten events, and "given" takes several times as long.
  const occurrence = () => ({
    ensemble,
    prediction,
    atMs: clock(),
    ...(metadata !== undefined && { metadata }),
  });
  const callsWith = (role?: CallRole) => {
    const ofCall = (call: number, attempt: number, { id, provider, modelId }: ModelIdentity) => ({
      ...occurrence(),
      model: id,
      ...(provider !== undefined && { provider }),
      ...(modelId !== undefined && { modelId }),
      ...(role !== undefined && { role }),
      call,
      attempt,
    });
    return {
      callStarted(call: number, attempt: number, model: ModelIdentity): void {
        listeners.notify({ type: 'model:start', ...ofCall(call, attempt, model) });
      },
      attemptFailed(call: number, attempt: number, model: ModelIdentity, failed: Attempt): void {
        const { error, latencyMs: durationMs, nextInMs, costUsd, costSource } = failed;
        listeners.notify({
          type: 'model:exception',
          ...ofCall(call, attempt, model),
          durationMs,
          costUsd,
          costSource,
          error,
          nextInMs,
        });
      },
      callEnded(call: number, attempt: number, model: ModelIdentity, outcome: Outcome): void {
        listeners.notify(endOfCall(ofCall(call, attempt, model), outcome));
      },
    };
  };
  const ending = (outcomes: readonly Outcome[]) => {
    const { costUsd, costSource } = sumOf(outcomes);
    return { ...occurrence(), durationMs: clock() - startedAtMs, costUsd, costSource };
  };
  let reached: Pick<PredictionMetadata, 'consensus' | 'stoppedBy' | 'threshold'> = {
    consensus: 0,
    stoppedBy: 'completion',
  };
  /** A listener may unsubscribe the prediction while it ends, and then only the first end is reported. */
  let hasEnded = false;
  const notifier: PredictionNotifier = {
    started({ models, strategy, execution, query }) {
      listeners.notify(
        withHidden<EventOf<'predict:start'>, 'query'>(
          { type: 'predict:start', ...occurrence(), models, strategy, execution },
          { query },
        ),
      );
    },
    ...callsWith(),
    withRole: (role) => ({ ...notifier, ...callsWith(role) }),
    within: (call, work) =>
      listeners.within(call === undefined ? { prediction } : { prediction, call }, work),
    votesCounted({ successes, abstentions, failures, consensus }, votes, { stoppedBy, threshold }) {
      reached = { consensus, stoppedBy, ...(threshold !== undefined && { threshold }) };
      const candidates = Object.keys(votes).length;
      listeners.notify({
        type: 'vote:complete',
        ...occurrence(),
        successes,
        abstentions,
        failures,
        consensus,
        candidates,
      });
    },
    succeeded(made) {
      if (hasEnded) return;
      hasEnded = true;
      const { consensus, threshold, stoppedBy } = reached;
      if (threshold !== undefined) {
        const type = consensus >= threshold ? 'consensus:reached' : 'consensus:failed';
        listeners.notify({ type, ...occurrence(), consensus, threshold, stoppedBy });
      }
      listeners.notify(
        withHidden<EventOf<'predict:stop'>, 'result'>(
          { type: 'predict:stop', ...occurrence(), ...measuresOf(made.metadata) },
          { result: made },
        ),
      );
    },
    failed(error) {
      if (hasEnded) return;
      hasEnded = true;
      if (error instanceof NoConsensusError) {
        listeners.notify({ type: 'consensus:failed', ...occurrence(), ...reached });
      }
      listeners.notify({ type: 'predict:exception', ...ending(error.outcomes), error });
    },
    cancelled(outcomes) {
      if (hasEnded) return;
      hasEnded = true;
      listeners.notify({ type: 'predict:cancel', ...ending(outcomes()) });
    },
  };
  return notifier;
};

const measuresOf = ({
  latencyMs: durationMs,
  costUsd,
  costSource,
  status,
  consensus,
  quorum,
  confidence,
  modelsUsed,
  successes,
  failures,
  abstentions,
  cancelled,
  stoppedBy,
  grouping,
  decision,
}: PredictionMetadata) => ({
  durationMs,
  costUsd,
  costSource,
  status,
  consensus,
  quorum,
  confidence,
  modelsUsed,
  successes,
  failures,
  abstentions,
  cancelled,
  stoppedBy,
  ...(grouping !== undefined && { grouping }),
  ...(decision !== undefined && { decision: { by: decision.by, status: decision.status } }),
});

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
  const { usage, finishReason, requestId, cached, text, reasoning, toolCalls } = outcome.response;
  const served = providerMetadata(outcome.response);
  const confidence = outcome.status === 'answered' ? outcome.confidence : undefined;
  return withHidden<EventOf<'model:stop'>, 'text' | 'reasoning' | 'toolCalls'>(
    {
      type: 'model:stop',
      ...end,
      status: outcome.status,
      ...(usage !== undefined && { usage }),
      ...(finishReason !== undefined && { finishReason }),
      ...(requestId !== undefined && { requestId }),
      ...(served !== undefined && { served }),
      ...(confidence !== undefined && { confidence }),
      isCached: cached !== undefined,
    },
    { text, reasoning, toolCalls },
  );
};
