import { costOfFailure, unknownCost } from '../domain/cost.ts';
import { toModelError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import { between, faultsOf, nonEmpty, ofType, reading, refuse } from '../options.ts';
import { currentClock } from '../time/clock.ts';
import { createNotifier } from './prediction-notifier.ts';
import type { RecordOptions } from './record-prediction.ts';
import { type EnsembleEvents, telemetryOf } from './telemetry.ts';

/** A call that was made outside of the ensemble, with its response or its error. */
export type RecordedCall = Pick<Model, 'provider' | 'modelId'> & {
  /** The id of the called model. */
  readonly model: string;
  /** How long the call took, in milliseconds. */
  readonly latencyMs: number;
} & ({ readonly response: ModelResponse } | { readonly error: unknown });

const outcomeOf = (recorded: RecordedCall): Outcome => {
  const { model, latencyMs } = recorded;
  const account = { model, index: 0, latencyMs };
  if ('error' in recorded) {
    const error = toModelError(model, recorded.error);
    return { status: 'failed', ...account, ...(costOfFailure(error) ?? unknownCost), error };
  }
  const { response } = recorded;
  const { costUsd, costSource = 'reported', confidence } = response;
  const cost = costUsd === undefined ? unknownCost : { costUsd, costSource };
  return { status: 'answered', ...account, ...cost, response, answer: undefined, key: '', confidence };
};

/**
 * Notifies the listeners of an ensemble of a call that was made elsewhere and has just ended. They receive
 * `model:start`, and `model:stop` or `model:exception`, with a `prediction` number that no other event has.
 *
 * Without listeners, it does nothing. Of an error that is not a `ModelError`, listeners receive only the name.
 *
 * @throws {ConfigError} for a call without a model, or with an invalid latency.
 *
 * @example
 * ```ts
 * import { attachHandlers, createEnsemble, defineModel, recordModelResponse } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
 * const costs: unknown[] = [];
 * attachHandlers(ensemble, { 'model:stop': ({ model, costUsd }) => costs.push([model, costUsd]) });
 * recordModelResponse(ensemble, { model: 'b', latencyMs: 812, response: { text: '4', costUsd: 0.002 } });
 * costs; // => [['b', 0.002]]
 * ```
 */
export const recordModelResponse = (
  ensemble: EnsembleEvents,
  recorded: RecordedCall,
  options: RecordOptions = {},
): void => {
  reading('recordModelResponse', () => {
    const { telemetryMetadata } = options;
    const { model: id, provider, modelId, latencyMs } = recorded;
    refuse([
      ...faultsOf(
        'recordModelResponse',
        { model: id ?? '', latencyMs: latencyMs ?? 'none', telemetryMetadata },
        { model: nonEmpty, latencyMs: between(0, Number.MAX_VALUE), telemetryMetadata: ofType('object') },
      ),
      ...('error' in recorded || typeof recorded.response?.text === 'string'
        ? []
        : ['recordModelResponse: expected a response or an error']),
    ]);
    const { currentListeners, ensemble: name } = telemetryOf('recordModelResponse', ensemble);
    const listeners = currentListeners();
    if (listeners === undefined) return;
    const endedAtMs = currentClock()();
    let atMs = endedAtMs - latencyMs;
    const notifier = createNotifier(listeners, {
      ensemble: name,
      clock: () => atMs,
      startedAtMs: atMs,
      metadata: telemetryMetadata,
    });
    const model = { id, ...given({ provider, modelId }) };
    notifier.callStarted(0, 1, model);
    atMs = endedAtMs;
    notifier.callEnded(0, 1, model, outcomeOf(recorded));
  });
};
