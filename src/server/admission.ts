import { createWaitingLine } from '../policies/waiting-line.ts';
import { RequestRefusal } from './request-refusal.ts';

/** Options of {@link createAdmission}. */
export interface AdmissionOptions {
  /** How many predictions may be in flight, from 1. */
  readonly concurrency: number;
  /** How many more may wait for one of these to end, from 0. */
  readonly maxQueued: number;
}

/** Lets a bounded number of predictions begin. */
export interface Admission {
  /**
   * Waits for a place, and returns a function that frees it.
   *
   * @throws {RequestRefusal} if too many wait already; the reason of the signal if it aborts before.
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

export const createAdmission = ({ concurrency, maxQueued }: AdmissionOptions): Admission => {
  let inFlight = 0;
  const line = createWaitingLine({ maxQueued });
  const leave = (): void => {
    inFlight -= 1;
    line.advance();
  };
  const tryEnter = (): boolean => {
    if (inFlight >= concurrency) return false;
    inFlight += 1;
    return true;
  };
  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (line.isEmpty() && tryEnter()) return leave;
      return new Promise<() => void>((resolve, reject) => {
        const onAbort = (): void => {
          quit();
          reject(signal.reason);
        };
        const settled = (): void => signal.removeEventListener('abort', onAbort);
        const quit = line.join({
          tryEnter,
          start() {
            settled();
            resolve(leave);
          },
          turnAway() {
            settled();
            reject(queueIsFull(maxQueued));
          },
        });
        signal.addEventListener('abort', onAbort, { once: true });
        line.advance();
      });
    },
  };
};

const queueIsFull = (maxQueued: number): RequestRefusal =>
  new RequestRefusal({
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    message: `the queue is full: ${maxQueued} requests wait already; retry later, or raise maxQueued of the server`,
  });
