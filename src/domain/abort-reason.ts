/** Why a call was cancelled. */
export type AbortCause =
  | 'stopped-early'
  | 'deadline'
  | 'timeout'
  | 'overtaken'
  | 'caller-left'
  | 'source-ended'
  | 'answered';

const messages: Readonly<Record<AbortCause, string>> = {
  'stopped-early': 'the vote was decided before this call ended',
  deadline: 'the deadline of the prediction has passed',
  timeout: 'the time limit of the call has passed',
  overtaken: 'another call was faster, or the schedule no longer needs this one',
  'caller-left': 'the caller no longer needs the prediction',
  'source-ended': 'the source of the call has ended or failed',
  answered: 'the answer is complete',
};

/**
 * The reason with which the `signal` of a call aborts. An `AbortError`, as `fetch` and SDKs expect it, whose `cause` says
 * why the call was cancelled.
 */
export class AbortReason extends DOMException {
  override readonly cause: AbortCause;

  constructor(cause: AbortCause) {
    super(messages[cause], 'AbortError');
    this.cause = cause;
  }
}

const reasons = new Map<AbortCause, AbortReason>();

/**
 * Returns the reason of a cause: always the same object. A new one for each abort would cost ten times as much, mostly for
 * its stack trace.
 */
export const abortReason = (cause: AbortCause): AbortReason => {
  const reason = reasons.get(cause) ?? new AbortReason(cause);
  reasons.set(cause, reason);
  return reason;
};
