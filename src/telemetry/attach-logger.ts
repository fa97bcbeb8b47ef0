import { type Check, faultsOf, oneOf, refuse } from '../options.ts';
import type { EnsembleEvent } from './event.ts';
import { eventLine } from './event-line.ts';
import { type ListenerOptions, listenerChecks, listenGuarded } from './listen-guarded.ts';
import type { EnsembleEvents } from './telemetry.ts';

/** A logger, as far as it is used: `console`, and the loggers of pino and winston, are some. */
export interface Logger {
  info(line: string): unknown;
  warn(line: string): unknown;
  error(line: string): unknown;
  /** Without it, what is for `debug` is not logged. */
  debug?(line: string): unknown;
}

/** How much an event matters; `silent` is not logged. */
export type LogLevel = keyof Logger | 'silent';

/** Options of {@link attachLogger}. */
export interface AttachLoggerOptions extends ListenerOptions {
  /** The levels of events that are to have another one than by default. */
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

const isLogger: Check = oneOf([], 'a logger with info, warn and error, such as console', (value) =>
  ['info', 'warn', 'error'].every(
    (level) => typeof value === 'object' && value !== null && typeof Reflect.get(value, level) === 'function',
  ),
);

/**
 * Writes a line for each event of an ensemble to a logger: what happened, how long it took, what it cost.
 * Returns what detaches it.
 *
 * A prediction is `info`, or `warn` where it is degraded; one that failed is `error`, a call that failed is
 * `warn`, and all else is `debug`; `levels` changes that. A line has names and numbers, the messages of this
 * library's errors, and of the `telemetryMetadata` what is a text, a number or a boolean; no prompts, answers
 * or texts. It is one line, whatever the names are. A logger that throws is detached, and `onListenerError` is
 * told. Costs no calls.
 *
 * @throws {ConfigError} for what is no logger, an event that there is not, or a level that is none.
 *
 * @example
 * ```ts
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
 * // => 'sums #1 predict:stop: complete in … ms, at least $0.001, consensus 100 % of 2 votes requestId=r-1'
 * ```
 */
export const attachLogger = (
  ensemble: EnsembleEvents,
  logger: Logger,
  options: AttachLoggerOptions = {},
): (() => void) => {
  const { levels = {}, ...listenerOptions } = options;
  refuse([
    ...faultsOf('attachLogger', { logger }, { logger: isLogger }),
    ...faultsOf('attachLogger: levels', levels, levelChecks),
    ...faultsOf('attachLogger', listenerOptions, listenerChecks),
  ]);
  const levelOf = (event: EnsembleEvent): LogLevel => {
    const chosen = levels[event.type];
    if (chosen !== undefined) return chosen;
    return event.type === 'predict:stop' && event.status === 'degraded' ? 'warn' : defaultLevels[event.type];
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
};
