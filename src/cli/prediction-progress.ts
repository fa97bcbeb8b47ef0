import type { CallRole } from '../domain/call-role.ts';
import { given } from '../domain/given.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { StoppedBy } from '../domain/prediction.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import { currentClock } from '../time/clock.ts';

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

/** The progress before any call has started. */
export const initialProgress = (models: readonly string[], deadlineMs?: number): PredictionProgress => ({
  deadlineMs,
  calls: models.map((model) => ({ model, status: 'idle' })),
  votes: {},
});

/** Returns the progress after an event. */
export const afterEvent = (progress: PredictionProgress, event: StreamEvent): PredictionProgress => {
  switch (event.type) {
    case 'consensus':
      return { ...progress, votes: event.votes };
    case 'call-start': {
      const { model, index, role } = event;
      const started = {
        model,
        ...given({ role }),
        status: 'waiting',
        startedAtMs: currentClock()(),
      } as const;
      return withCall(progress, index, started);
    }
    case 'call-end': {
      const { outcome } = event;
      const { status, index } = outcome;
      const call = progress.calls[index];
      if (call === undefined || isOvertaken(call, outcome)) return progress;
      return withCall(progress, index, { ...call, status, ...(status !== 'cancelled' && { outcome }) });
    }
    default:
      return progress;
  }
};

const withCall = (progress: PredictionProgress, index: number, call: CallProgress): PredictionProgress => ({
  ...progress,
  calls: index < progress.calls.length ? progress.calls.with(index, call) : [...progress.calls, call],
});

/** Returns the progress with the final outcomes of its calls, and those of calls that had a role. */
export const withOutcomes = (
  progress: PredictionProgress,
  outcomes: readonly Outcome[],
  stoppedBy?: StoppedBy,
): PredictionProgress =>
  outcomes.reduce((earlier, outcome) => {
    const { index, model, role, status } = outcome;
    const call: Partial<CallProgress> = earlier.calls[index] ?? {};
    if (isOvertaken(call, outcome)) return earlier;
    const isLate = stoppedBy === 'deadline' && status === 'cancelled';
    return withCall(earlier, index, { ...call, model, ...given({ role }), status, outcome, isLate });
  }, progress);

/** Of several calls of a member, the one that answered counts. */
const isOvertaken = ({ outcome }: Partial<CallProgress>, { status }: Outcome): boolean =>
  status === 'cancelled' && outcome !== undefined;
