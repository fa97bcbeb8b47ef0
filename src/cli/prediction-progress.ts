import type { Outcome } from '../domain/outcome.ts';
import { currentClock } from '../time/clock.ts';
import type { CallEvent } from './observe-calls.ts';

/** One call, as far as it has come. */
export interface CallProgress {
  readonly model: string;
  readonly status: 'idle' | 'waiting' | Outcome['status'];
  /** When it was asked, by the clock of durations. */
  readonly askedAtMs?: number;
  readonly outcome?: Outcome;
}

/** An election as somebody sees it who watches: its calls in the order of the panel, and the votes so far. */
export interface PredictionProgress {
  readonly calls: readonly CallProgress[];
  readonly votes: Readonly<Record<string, number>>;
}

/** What changes a ballot: something about a call, or the count after a vote. */
export type ProgressEvent =
  | CallEvent
  | { readonly type: 'counted'; readonly votes: Readonly<Record<string, number>> };

/** A ballot before anybody was asked. */
export const initialProgress = (models: readonly string[]): PredictionProgress => ({
  calls: models.map((model) => ({ model, status: 'idle' })),
  votes: {},
});

/** The ballot after an event. */
export const afterEvent = (ballot: PredictionProgress, event: ProgressEvent): PredictionProgress =>
  event.type === 'counted'
    ? { ...ballot, votes: event.votes }
    : {
        ...ballot,
        calls: ballot.calls.map((call, index) =>
          index === event.index ? afterCallEvent(call, event) : call,
        ),
      };

const afterCallEvent = (call: CallProgress, event: CallEvent): CallProgress => {
  if (event.type === 'asked') return { ...call, status: 'waiting', askedAtMs: currentClock()() };
  if (event.type === 'aborted') return { ...call, status: 'cancelled' };
  return { ...call, status: event.outcome.status, outcome: event.outcome };
};

/** The ballot with the final account of its calls. */
export const withOutcomes = (
  ballot: PredictionProgress,
  outcomes: readonly Outcome[],
): PredictionProgress => ({
  ...ballot,
  calls: ballot.calls.map((call, index) => {
    const outcome = outcomes.find((candidate) => candidate.index === index);
    return outcome === undefined ? call : { ...call, status: outcome.status, outcome };
  }),
});
