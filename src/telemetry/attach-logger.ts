import { type Check, faultsOf, hasMethods, oneOf, reading, refuse, suchThat } from '../options.ts';
import type { EnsembleEvent } from './event.ts';
import { eventLine } from './event-line.ts';
import { type ListenerOptions, listenerChecks, listenGuarded } from './listen-guarded.ts';
import type { EnsembleEvents } from './telemetry.ts';

/** The part of a logger that is used. `console` and the loggers of pino and winston have it. */
export interface Logger {
  info(line: string): unknown;
  warn(line: string): unknown;
  error(line: string): unknown;
  /** Without it, events of the level `debug` are not logged. */
  debug?(line: string): unknown;
}

/** The level of an event; `silent` events are not logged. */
export type LogLevel = keyof Logger | 'silent';

/** Options of {@link attachLogger}. */
export interface AttachLoggerOptions extends ListenerOptions {
  /** Levels by event, which replace the defaults. */
  readonly levels?: { readonly [Type in EnsembleEvent['type']]?: LogLevel };
}

const defaultLevels: Readonly<Record<EnsembleEvent['type'], LogLevel>> = {
  'predict:start': 'debug',
  'predict:stop': 'info',
  'predict:exception': 'error',
  'predict:cancel': 'info',
  'model:start': 'debug',
  'model:stop': 'debug',
  'model:exception': 'warn',
  'model:cancel': 'debug',
  'vote:complete': 'debug',
  'consensus:reached': 'debug',
  'consensus:failed': 'warn',
};

const isLevel = oneOf(['debug', 'info', 'warn', 'error', 'silent'], '');

const levelChecks = Object.fromEntries(Object.keys(defaultLevels).map((type) => [type, isLevel]));

const isLogger: Check = suchThat('a logger with info, warn and error, such as console', (value) =>
  hasMethods(value, 'info', 'warn', 'error'),
);

/**
 * Writes one line to a logger for each event of an ensemble, with its duration and its cost. Returns a function that
 * detaches the logger.
 *
 * A prediction is logged as `info`, or as `warn` if it is degraded. A failed prediction is `error`, a failed call is
 * `warn`, and everything else is `debug`; `levels` changes that. A line has names, numbers, the messages of this
 * library's errors, and the strings, numbers and booleans of `telemetryMetadata`. It has no prompts, answers or texts,
 * and names cannot break it into two lines. If the logger throws, it is detached and `onListenerError` receives the
 * error. Costs no calls.
 *
 * @throws {ConfigError} for an invalid logger, an unknown event, or an unknown level.
 *
 * @example
 * ```ts
 * import { attachLogger, createEnsemble, defineModel } from 'crucible-ensemble';
 *
 * const lines: string[] = [];
 * const log = (line: string) => lines.push(line.replace(/\d+(\.\d+)? ms/, '… ms'));
 * const ensemble = createEnsemble({
 *   name: 'sums',
 *   models: [defineModel('a', () => ({ text: '4', costUsd: 0.001 })), defineModel('b', () => '4')],
 *   telemetryMetadata: { requestId: 'r-1' },
 * });
 * attachLogger(ensemble, { info: log, warn: log, error: log });
 * await ensemble.predict('What is 2 + 2?');
 * lines[0]?.replace(/#\d+/, '#1');
 * // => 'sums #1 predict:stop: complete in … ms, ≥$0.001, consensus 100 % of 2 votes requestId=r-1'
 * ```
 */
export const attachLogger = (
  ensemble: EnsembleEvents,
  logger: Logger,
  options: AttachLoggerOptions = {},
): (() => void) => {
  return reading('attachLogger', () => {
    const { levels = {}, ...listenerOptions } = options;
    refuse([
      ...faultsOf('attachLogger', { logger }, { logger: isLogger }),
      ...faultsOf('attachLogger: levels', levels, levelChecks),
      ...faultsOf('attachLogger', listenerOptions, listenerChecks),
    ]);
    const levelOf = (event: EnsembleEvent): LogLevel => {
      const chosen = levels[event.type];
      if (chosen !== undefined) return chosen;
      return event.type === 'predict:stop' && event.status === 'degraded'
        ? 'warn'
        : defaultLevels[event.type];
    };
    return listenGuarded(
      'attachLogger',
      ensemble,
      (event) => {
        const level = levelOf(event);
        if (level !== 'silent' && logger[level] !== undefined) return logger[level](eventLine(event));
        return undefined;
      },
      listenerOptions,
    );
  });
};
