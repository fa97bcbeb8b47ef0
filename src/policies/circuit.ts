import { type Clock, currentClock } from '../time/clock.ts';
import { slidingWindow } from '../time/sliding-window.ts';

/** `closed` passes all calls, `open` refuses all, `half-open` passes one at a time. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** What a call shows: that the model is up, that it is down, or nothing. */
export type Verdict = 'up' | 'down' | 'nothing';

/** Takes the verdict of a call that was let through. Only the first one counts. */
export type Settle = (verdict: Verdict) => void;

/**
 * Decides by the calls before whether a call may go through: lets it through, or returns how long the circuit stays open,
 * which is not known while a probe is in flight.
 */
export type EnterCircuit = () => Settle | { readonly retryAfterMs: number | undefined };

/** When a circuit opens, and for how long. */
export interface CircuitLimits {
  readonly failureRatio: number;
  readonly minimumCalls: number;
  readonly windowMs: number;
  readonly breakMs: number;
}

/** Creates a circuit. Sets no timer: the first call after `breakMs` finds it half-open. */
export const createCircuit = (
  { failureRatio, minimumCalls, windowMs, breakMs }: CircuitLimits,
  onChange: (state: CircuitState, previous: CircuitState) => void,
): EnterCircuit => {
  const clock: Clock = () => currentClock()();
  const makeWindow = () =>
    slidingWindow({ windowMs, counts: 'atMost', makeSlice: () => ({ calls: 0, failures: 0 }) });
  let window = makeWindow();
  let state: CircuitState = 'closed';
  let halfOpenAtMs = 0;
  let isProbed = false;
  // Verdicts of calls that began in an earlier state are ignored.
  let generation = 0;

  const become = (next: CircuitState): void => {
    const previous = state;
    state = next;
    generation += 1;
    isProbed = false;
    if (next === 'open') halfOpenAtMs = clock() + breakMs;
    if (next === 'closed') window = makeWindow();
    onChange(next, previous);
  };

  const settle = (verdict: Verdict): void => {
    if (state === 'half-open') {
      if (verdict === 'nothing') isProbed = false;
      else become(verdict === 'up' ? 'closed' : 'open');
    } else if (verdict !== 'nothing') {
      const slice = window.current();
      slice.calls += 1;
      if (verdict === 'down') slice.failures += 1;
      const failures = window.total((past) => past.failures);
      // Most calls succeed. Without failures, the calls need not be counted.
      if (failures === 0) return;
      const calls = window.total((past) => past.calls);
      if (calls >= minimumCalls && failures / calls >= failureRatio) become('open');
    }
  };

  return () => {
    if (state === 'open') {
      const retryAfterMs = halfOpenAtMs - clock();
      if (retryAfterMs > 0) return { retryAfterMs };
      become('half-open');
    }
    if (isProbed) return { retryAfterMs: undefined };
    isProbed = state === 'half-open';
    const entered = generation;
    let isSettled = false;
    return (verdict) => {
      if (isSettled) return;
      isSettled = true;
      if (entered === generation) settle(verdict);
    };
  };
};
