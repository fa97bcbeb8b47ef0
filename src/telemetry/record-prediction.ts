import { type Cost, sumOf } from '../domain/cost.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import { faultsOf, ofType, refuse } from '../options.ts';
import { currentClock } from '../time/clock.ts';
import { createNotifier, type PredictionNotifier } from './prediction-notifier.ts';
import { type EnsembleEvents, telemetryOf } from './telemetry.ts';

/** Options of what is told of work that was done elsewhere. */
export interface RecordOptions {
  /** Passed through to the events. */
  readonly telemetryMetadata?: Readonly<Record<string, unknown>>;
}

/** Something to tell, and so many milliseconds after the start of the prediction. */
interface Happening {
  readonly afterMs: number;
  readonly tell: (notifier: PredictionNotifier) => void;
}

/** What the last attempt cost: what the attempts before it leave of the cost of the call. */
const costOfLast = ({ costUsd, costSource, attempts = [] }: Outcome): Cost =>
  costUsd === undefined
    ? { costUsd, costSource }
    : { costUsd: Math.max(0, costUsd - (sumOf(attempts).costUsd ?? 0)), costSource };

/** The attempts of a call, one after the other; when the call began within its prediction is not known. */
const happeningsOf = (outcome: Outcome, call: number): Happening[] => {
  const { attempts = [], latencyMs } = outcome;
  const happenings: Happening[] = [];
  let afterMs = 0;
  for (const [index, attempt] of attempts.entries()) {
    const model = { id: attempt.model };
    happenings.push({ afterMs, tell: (notifier) => notifier.callStarted(call, index + 1, model) });
    afterMs += attempt.latencyMs;
    happenings.push({ afterMs, tell: (notifier) => notifier.attemptFailed(call, index + 1, model, attempt) });
    afterMs += attempt.nextInMs;
  }
  const model = { id: outcome.model };
  const last = attempts.length + 1;
  const ended = { ...outcome, ...costOfLast(outcome), latencyMs: Math.max(0, latencyMs - afterMs) };
  return [
    ...happenings,
    { afterMs, tell: (notifier) => notifier.callStarted(call, last, model) },
    {
      afterMs: Math.max(afterMs, latencyMs),
      tell: (notifier) => notifier.callEnded(call, last, model, ended),
    },
  ];
};

/**
 * Tells those who listen to an ensemble of a prediction that was made elsewhere, in another process say, and has
 * ended just now: the same events, in the same order, with its durations and costs.
 *
 * A prediction does not say when each of its calls began, so all are told as if they had begun with it; `models`
 * are those that were asked. Works on a prediction that was read back from JSON as well. Nobody listens, nothing
 * is done.
 *
 * @throws {ConfigError} for `telemetryMetadata` that is no object.
 *
 * @example
 * ```ts
 * const models = ['a', 'b'].map((id) => defineModel(id, () => '4'));
 * const elsewhere = await createEnsemble({ models }).predict('What is 2 + 2?');
 *
 * const ensemble = createEnsemble({ models });
 * const types: string[] = [];
 * ensemble.events$.subscribe(({ type }) => types.push(type));
 * recordPrediction(ensemble, elsewhere);
 * types.filter((type) => !type.startsWith('model'));
 * // => ['predict:start', 'vote:complete', 'consensus:reached', 'predict:stop']
 * ```
 */
export const recordPrediction = (
  ensemble: EnsembleEvents,
  prediction: Prediction,
  options: RecordOptions = {},
): void => {
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
  const { modelsUsed: models, strategy, execution, consensus, votes } = metadata;
  notifier.started({ models, strategy, execution, query });
  for (const { afterMs, tell } of outcomes.flatMap(happeningsOf).sort((a, b) => a.afterMs - b.afterMs)) {
    atMs = startedAtMs + Math.min(afterMs, metadata.latencyMs);
    tell(notifier);
  }
  atMs = startedAtMs + metadata.latencyMs;
  const { successes: cast, abstentions: abstained, failures: failed } = metadata;
  notifier.votesCounted({ successes: cast, abstentions: abstained, failures: failed, consensus }, votes);
  notifier.succeeded(prediction);
};
