import type { CallRole } from '../domain/call-role.ts';
import { given } from '../domain/given.ts';
import { isOfMember, type Outcome } from '../domain/outcome.ts';
import type { StoppedBy } from '../domain/prediction.ts';
import { currentClock } from '../time/clock.ts';
import type { CallEvent } from './observe-calls.ts';

/** The state of one call. */
export interface CallProgress {
  readonly model: string;
  /** What the call is for, if it is no call of a member. */
  readonly role?: CallRole;
  readonly status: 'idle' | 'waiting' | Outcome['status'];
  /** The time at which the call started, in milliseconds by the clock of durations. */
  readonly startedAtMs?: number;
  readonly outcome?: Outcome;
  /** Whether the `deadlineMs` of the prediction cut the call. */
  readonly isLate?: boolean;
}

/** The state of a prediction while it runs: its calls in panel order, and the votes so far. */
export interface PredictionProgress {
  readonly calls: readonly CallProgress[];
  readonly votes: Readonly<Record<string, number>>;
  /** The time limit of the prediction, if it has one. */
  readonly deadlineMs?: number | undefined;
}

/** A change of the progress: an event of one call, or new vote counts. */
export type ProgressEvent =
  | CallEvent
  | { readonly type: 'counted'; readonly votes: Readonly<Record<string, number>> };

/** The progress before any call has started. */
export const initialProgress = (models: readonly string[], deadlineMs?: number): PredictionProgress => ({
  deadlineMs,
  calls: models.map((model) => ({ model, status: 'idle' })),
  votes: {},
});

/** Returns the progress after an event. */
export const afterEvent = (progress: PredictionProgress, event: ProgressEvent): PredictionProgress =>
  event.type === 'counted'
    ? { ...progress, votes: event.votes }
    : {
        ...progress,
        calls: progress.calls.map((call, index) =>
          index === event.index ? afterCallEvent(call, event) : call,
        ),
      };

const afterCallEvent = (call: CallProgress, event: CallEvent): CallProgress => {
  if (event.type === 'started') return { ...call, status: 'waiting', startedAtMs: currentClock()() };
  if (event.type === 'cancelled') return { ...call, status: 'cancelled' };
  return { ...call, status: event.outcome.status, outcome: event.outcome };
};

/** Returns the progress with the final outcomes of its calls, and those of calls that had a role. */
export const withOutcomes = (
  progress: PredictionProgress,
  outcomes: readonly Outcome[],
  stoppedBy?: StoppedBy,
): PredictionProgress => ({
  ...progress,
  calls: [
    ...progress.calls.map((call, index) => {
      const outcome = outcomes.find((candidate) => candidate.index === index);
      const isLate = stoppedBy === 'deadline' && outcome?.status === 'cancelled';
      return outcome === undefined ? call : { ...call, status: outcome.status, outcome, isLate };
    }),
    ...outcomes
      .filter((outcome) => !isOfMember(outcome))
      .map((outcome) => ({
        ...given({ role: outcome.role }),
        model: outcome.model,
        status: outcome.status,
        outcome,
      })),
  ],
});
