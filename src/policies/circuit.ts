import { type Clock, currentClock } from '../time/clock.ts';
import { slidingWindow } from '../time/sliding-window.ts';

/** `closed` lets every call through, `open` none, `half-open` one at a time, to see how it goes. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** What a call says of the model: that it is up, that it is down, or nothing. */
export type Verdict = 'up' | 'down' | 'nothing';

/** A call that was let through: takes its verdict, once. */
export type Settle = (verdict: Verdict) => void;

/** Who may be asked, by how the calls before went. */
export interface Circuit {
  /** Lets a call through, or says in how many milliseconds one may be: not known while one tries. */
  enter(): Settle | { readonly retryAfterMs: number | undefined };
}

/** When a circuit opens, and for how long. */
export interface CircuitLimits {
  readonly failureRatio: number;
  readonly minimumCalls: number;
  readonly windowMs: number;
  readonly breakMs: number;
}

/** A circuit without timers: that its time is over is seen by the first call that comes after it. */
export const createCircuit = (
  { failureRatio, minimumCalls, windowMs, breakMs }: CircuitLimits,
  onChange: (state: CircuitState, previous: CircuitState) => void,
): Circuit => {
  const clock: Clock = () => currentClock()();
  const makeWindow = () =>
    slidingWindow({ windowMs, counts: 'atMost', makeSlice: () => ({ calls: 0, failures: 0 }) });
  let window = makeWindow();
  let state: CircuitState = 'closed';
  let triedAgainAtMs = 0;
  let isProbed = false;
  // Calls of an earlier state say nothing about this one.
  let generation = 0;

  const become = (next: CircuitState): void => {
    const previous = state;
    state = next;
    generation += 1;
    isProbed = false;
    if (next === 'open') triedAgainAtMs = clock() + breakMs;
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
      const calls = window.total((past) => past.calls);
      const failures = window.total((past) => past.failures);
      if (calls >= minimumCalls && failures / calls >= failureRatio) become('open');
    }
  };

  return {
    enter() {
      if (state === 'open') {
        const retryAfterMs = triedAgainAtMs - clock();
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
    },
  };
};
