import { type Cost, sumOf } from '../domain/cost.ts';
import { type Outcome, ofMembers } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import { faultsOf, ofType, reading, refuse } from '../options.ts';
import { currentClock } from '../time/clock.ts';
import { createNotifier, type PredictionNotifier } from './prediction-notifier.ts';
import { type EnsembleEvents, telemetryOf } from './telemetry.ts';

/** Options of {@link recordPrediction} and `recordModelResponse`. */
export interface RecordOptions {
  /** Passed through to the events. */
  readonly telemetryMetadata?: Readonly<Record<string, unknown>>;
}

/** An event of a prediction, by its time after the start. */
interface TimedEvent {
  readonly afterMs: number;
  readonly notify: (notifier: PredictionNotifier) => void;
}

/** Returns the cost of the last attempt: the cost of the call without that of the attempts before. */
const costOfLast = ({ costUsd, costSource, attempts = [] }: Outcome): Cost =>
  costUsd === undefined
    ? { costUsd, costSource }
    : { costUsd: Math.max(0, costUsd - (sumOf(attempts).costUsd ?? 0)), costSource };

/**
 * Returns the events of the calls. An outcome does not record when its call began, so the calls of members begin at 0, and the
 * others when these have ended.
 */
const timedEventsOf = (outcomes: readonly Outcome[]): TimedEvent[] => {
  const votedMs = Math.max(0, ...ofMembers(outcomes).map(({ latencyMs }) => latencyMs));
  return outcomes.flatMap((outcome, call) => {
    const { role } = outcome;
    const events = eventsOfCall(outcome, call);
    if (role === undefined) return events;
    return events.map(({ afterMs, notify }) => ({
      afterMs: votedMs + afterMs,
      notify: (notifier: PredictionNotifier) => notify(notifier.withRole(role)),
    }));
  });
};

const eventsOfCall = (outcome: Outcome, call: number): TimedEvent[] => {
  const { attempts = [], latencyMs } = outcome;
  const events: TimedEvent[] = [];
  let afterMs = 0;
  for (const [index, attempt] of attempts.entries()) {
    const model = { id: attempt.model };
    events.push({ afterMs, notify: (notifier) => notifier.callStarted(call, index + 1, model) });
    afterMs += attempt.latencyMs;
    events.push({ afterMs, notify: (notifier) => notifier.attemptFailed(call, index + 1, model, attempt) });
    afterMs += attempt.nextInMs;
  }
  const model = { id: outcome.model };
  const last = attempts.length + 1;
  const ended = { ...outcome, ...costOfLast(outcome), latencyMs: Math.max(0, latencyMs - afterMs) };
  return [
    ...events,
    { afterMs, notify: (notifier) => notifier.callStarted(call, last, model) },
    {
      afterMs: Math.max(afterMs, latencyMs),
      notify: (notifier) => notifier.callEnded(call, last, model, ended),
    },
  ];
};

/**
 * Notifies the listeners of an ensemble of a prediction that was made elsewhere, such as in another process, and has just
 * ended. They receive the same events in the same order, with its durations and costs.
 *
 * A prediction does not record when each call began, so all calls of members appear to begin at once; `models` are the called
 * ones.
 * Works on a prediction that was read back from JSON as well. Without listeners, it does nothing.
 *
 * @throws {ConfigError} for `telemetryMetadata` that is not an object.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, recordPrediction } from 'crucible-ensemble';
 *
 * const models = ['a', 'b'].map((id) => defineModel(id, () => '4'));
 * const elsewhere = await createEnsemble({ models }).predict('What is 2 + 2?');
 *
 * const ensemble = createEnsemble({ models });
 * const types: string[] = [];
 * ensemble.events$.subscribe(({ type }) => types.push(type));
 * recordPrediction(ensemble, elsewhere);
 * types.filter((type) => !type.startsWith('model'));
 * // => ['predict:start', 'vote:complete', 'predict:stop']
 * ```
 */
export const recordPrediction = (
  ensemble: EnsembleEvents,
  prediction: Prediction,
  options: RecordOptions = {},
): void => {
  reading('recordPrediction', () => {
    refuse(faultsOf('recordPrediction', options, { telemetryMetadata: ofType('object') }));
    const { currentListeners, ensemble: name } = telemetryOf('recordPrediction', ensemble);
    const listeners = currentListeners();
    if (listeners === undefined) return;
    const { query, metadata, outcomes } = prediction;
    const startedAtMs = currentClock()() - metadata.latencyMs;
    let atMs = startedAtMs;
    const notifier = createNotifier(listeners, {
      ensemble: name,
      clock: () => atMs,
      startedAtMs,
      metadata: options.telemetryMetadata,
    });
    const { strategy, execution, votes } = metadata;
    const models = [...new Set(ofMembers(outcomes).map(({ model }) => model))];
    notifier.started({ models, strategy, execution, query });
    for (const { afterMs, notify } of timedEventsOf(outcomes).sort((a, b) => a.afterMs - b.afterMs)) {
      atMs = startedAtMs + Math.min(afterMs, metadata.latencyMs);
      notify(notifier);
    }
    atMs = startedAtMs + metadata.latencyMs;
    notifier.votesCounted(metadata, votes, metadata);
    notifier.succeeded(prediction);
  });
};
