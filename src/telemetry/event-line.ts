import type { CrucibleError } from '../domain/errors.ts';
import { counted, formatShare, knownCost } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { EnsembleEvent, EventOf } from './event.ts';

const MAX_NAME = 60;

const named = (text: string): string => printable(text, MAX_NAME);

const shownMs = (durationMs: number): string => `${Number(durationMs.toFixed(1))} ms`;

const shownPrice = (event: Pick<EventOf<'model:stop'>, 'costUsd' | 'costSource'>): string =>
  knownCost(event) ?? 'cost unknown';

/** Formats counts with their nouns and leaves out those that are 0. */
const counts = (of: Readonly<Record<string, number>>): string[] =>
  Object.entries(of).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));

/** Safe to log, because messages of this library's errors quote no answers. */
const failureOf = ({ name, message }: CrucibleError): string => `${named(name)} (${printable(message)})`;

const attemptOf = ({ model, role, attempt }: Pick<EventOf<'model:start'>, 'model' | 'role' | 'attempt'>) => {
  const name = role === undefined ? named(model) : `${named(model)} (${named(role)})`;
  return attempt === 1 ? name : `${name}, attempt ${attempt},`;
};

const detailsOf = (event: EnsembleEvent): string => {
  switch (event.type) {
    case 'predict:start':
      return `${counted(event.models.length, 'call')} planned, ${named(event.execution)}, by ${named(event.strategy)}`;
    case 'predict:stop':
      return [
        `${event.status} in ${shownMs(event.durationMs)}`,
        shownPrice(event),
        `consensus ${formatShare(event.consensus)} of ${counted(event.successes, 'vote')}`,
        ...counts({ failed: event.failures, abstained: event.abstentions, cancelled: event.cancelled }),
        ...(event.decision === undefined ? [] : [`${event.decision.status} by ${named(event.decision.by)}`]),
      ].join(', ');
    case 'predict:exception':
      return `failed in ${shownMs(event.durationMs)}, ${shownPrice(event)}, with ${failureOf(event.error)}`;
    case 'predict:cancel':
      return `cancelled after ${shownMs(event.durationMs)}, ${shownPrice(event)}`;
    case 'model:start':
      return `${attemptOf(event)} called`;
    case 'model:stop':
      return `${attemptOf(event)} ${event.status} in ${shownMs(event.durationMs)}, ${event.isCached ? 'from the cache' : shownPrice(event)}`;
    case 'model:exception': {
      const next = event.nextInMs === undefined ? '' : `, next attempt in ${shownMs(event.nextInMs)}`;
      return `${attemptOf(event)} failed in ${shownMs(event.durationMs)}, ${shownPrice(event)}, with ${failureOf(event.error)}${next}`;
    }
    case 'model:cancel':
      return `${attemptOf(event)} cancelled after ${shownMs(event.durationMs)}, ${shownPrice(event)}`;
    case 'vote:complete':
      return [
        `${counted(event.successes, 'vote')} for ${counted(event.candidates, 'answer')}`,
        ...counts({ failed: event.failures, abstained: event.abstentions }),
      ].join(', ');
    case 'consensus:reached':
    case 'consensus:failed':
      return event.threshold === undefined
        ? formatShare(event.consensus)
        : `${formatShare(event.consensus)}, threshold ${formatShare(event.threshold)}`;
  }
};

/** Formats the strings, numbers and booleans of the caller's `telemetryMetadata`. */
const passedThrough = (metadata: EnsembleEvent['metadata'] = {}): string =>
  Object.entries(metadata)
    .flatMap(([name, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value)
        ? [` ${named(name)}=${named(String(value))}`]
        : [],
    )
    .join('');

/** Formats an event as one line, without prompts, answers and texts, and without escape sequences. */
export const eventLine = (event: EnsembleEvent): string =>
  `${named(event.ensemble)} #${event.prediction} ${event.type}: ${detailsOf(event)}${passedThrough(event.metadata)}`;
