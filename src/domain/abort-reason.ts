let reason: DOMException | undefined;

/**
 * Returns the reason with which signals abort when a call is cancelled: always the same `AbortError`. A new one for
 * each abort would cost ten times as much, mostly for its stack trace.
 */
export const abortReason = (): DOMException => {
  reason ??= new DOMException('the answer is no longer needed', 'AbortError');
  return reason;
};
