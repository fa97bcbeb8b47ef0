import { type Channel, channel } from 'node:diagnostics_channel';
import type { EnsembleEvent } from '../telemetry/event.ts';
import { listenGuarded } from '../telemetry/listen-guarded.ts';
import type { EnsembleEvents } from '../telemetry/telemetry.ts';

/**
 * Publishes the events of an ensemble to channels of `node:diagnostics_channel`, one for each type of event, by
 * the name `crucible-ensemble:` and the type; returns what ends that.
 *
 * A message is the event itself, as docs/telemetry.md has it, with the same properties out of sight of logs.
 * Bridge several ensembles, and tell them apart by `ensemble`. A channel that nobody has subscribed to is not
 * published to; what a subscriber throws, Node makes an uncaught exception in the next tick, and neither the
 * prediction nor other subscribers notice. Costs no calls.
 *
 * @throws {ConfigError} for what is no ensemble.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { bridgeToDiagnosticsChannel } from 'crucible-ensemble/node';
 *
 * const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
 * const end = bridgeToDiagnosticsChannel(ensemble);
 * const heard: string[] = [];
 * subscribe('crucible-ensemble:model:stop', (_event, name) => heard.push(String(name)));
 * await ensemble.predict('What is 2 + 2?');
 * end();
 * heard; // => ['crucible-ensemble:model:stop']
 * ```
 */
export const bridgeToDiagnosticsChannel = (ensemble: EnsembleEvents): (() => void) => {
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
};
