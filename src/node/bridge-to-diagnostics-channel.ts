import { type Channel, channel } from 'node:diagnostics_channel';
import { reading } from '../options.ts';
import type { EnsembleEvent } from '../telemetry/event.ts';
import { listenGuarded } from '../telemetry/listen-guarded.ts';
import type { EnsembleEvents } from '../telemetry/telemetry.ts';

/**
 * Publishes the events of an ensemble to channels of `node:diagnostics_channel`, one for each event type, named
 * `crucible-ensemble:` and the type. Returns a function that stops it.
 *
 * A message is the event itself, as in docs/telemetry.md, including its non-enumerable properties. Several ensembles can be
 * bridged; `ensemble` identifies them. Without subscribers, nothing is published. If a subscriber throws, Node raises an
 * uncaught exception in the next tick; the prediction and other subscribers continue. Costs no calls.
 *
 * @throws {ConfigError} if the argument is not an ensemble.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { subscribe } from 'node:diagnostics_channel';
 * import { bridgeToDiagnosticsChannel } from 'crucible-ensemble/node';
 *
 * const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
 * const end = bridgeToDiagnosticsChannel(ensemble);
 * const received: string[] = [];
 * subscribe('crucible-ensemble:model:stop', (_event, name) => received.push(String(name)));
 * await ensemble.predict('What is 2 + 2?');
 * end();
 * received; // => ['crucible-ensemble:model:stop']
 * ```
 */
export const bridgeToDiagnosticsChannel = (ensemble: EnsembleEvents): (() => void) => {
  return reading('bridgeToDiagnosticsChannel', () => {
    const channels = new Map<EnsembleEvent['type'], Channel>();
    const channelOf = (type: EnsembleEvent['type']): Channel => {
      const known = channels.get(type) ?? channel(`crucible-ensemble:${type}`);
      channels.set(type, known);
      return known;
    };
    return listenGuarded('bridgeToDiagnosticsChannel', ensemble, (event) => {
      const target = channelOf(event.type);
      if (target.hasSubscribers) target.publish(event);
    });
  });
};
