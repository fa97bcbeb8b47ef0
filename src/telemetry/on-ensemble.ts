import { runAside } from '../domain/foreign.ts';
import { accepting, ofType } from '../options.ts';
import type { EnsembleEvents } from './telemetry.ts';

const listeners = new Set<(ensemble: EnsembleEvents) => unknown>();

/**
 * Calls a function with each ensemble of this process that is created from now on, so that it can attach handlers, a logger
 * or spans to all of them. The ensembles of `predict` and `predictStream` of `crucible-ensemble/auto` are among them.
 * Returns a function that stops this; attached handlers stay. An error of the function is printed, and the ensemble is
 * created anyway. Costs nothing per prediction.
 *
 * @throws {ConfigError} if the argument is not a function.
 *
 * @example
 * ```ts
 * import { attachHandlers, createEnsemble, onEnsemble, simulated } from 'crucible-ensemble';
 *
 * const lines: string[] = [];
 * const stop = onEnsemble((ensemble) => {
 *   attachHandlers(ensemble, { 'predict:stop': ({ ensemble: name }) => lines.push(name) });
 * });
 * await createEnsemble({ name: 'sums', models: [simulated({ id: 'a' })] }).predict('What is 2 + 2?');
 * stop();
 * lines; // => ['sums']
 * ```
 */
export const onEnsemble: (listener: (ensemble: EnsembleEvents) => unknown) => () => void = accepting(
  'onEnsemble',
  ofType('function'),
  (listener: (ensemble: EnsembleEvents) => unknown) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
);

/** Tells the listeners of a new ensemble. */
export const announceEnsemble = (ensemble: EnsembleEvents): void => {
  for (const listener of listeners) runAside('onEnsemble', () => listener(ensemble));
};
