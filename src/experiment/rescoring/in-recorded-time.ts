import { asyncScheduler, type Observable, type SchedulerAction, Subscription } from 'rxjs';
import type { Received } from './received.ts';

/** The work of an action. It may schedule the action again. */
type Work<State> = (this: SchedulerAction<State>, state?: State) => void;

/**
 * Runs an Observable to its end, as `inVirtualTime` does, if it waits on `asyncScheduler` alone, as recorded calls and the
 * executions of this library do. Its waits then are a queue in the order of their moments, such as recorded latencies.
 *
 * `inVirtualTime` replaces every timer and animation frame. A prediction by three models takes twice as long in it
 * (measured).
 */
export const inRecordedTime = <Value>(source$: Observable<Value>, received: Received<Value>): void => {
  const queue = new Queue();
  const { now, schedule } = asyncScheduler;
  asyncScheduler.now = () => queue.nowMs;
  asyncScheduler.schedule = <State>(work: Work<State>, delayMs = 0, state?: State): Subscription =>
    new QueuedAction(queue, work).schedule(state, delayMs);
  try {
    source$.subscribe(received);
    queue.run();
  } finally {
    asyncScheduler.now = now;
    asyncScheduler.schedule = schedule;
    received.unsubscribe();
  }
};

/** The moment for which an action waits. */
interface Wait {
  readonly dueMs: number;
  readonly action: QueuedAction<unknown>;
}

/** Waits in the order of their moments; those for the same moment in the order in which they began. */
class Queue {
  nowMs = 0;
  /** The next one is the last. */
  readonly #waits: Wait[] = [];

  enter(wait: Wait): void {
    let place = 0;
    for (let end = this.#waits.length; place < end; ) {
      const middle = (place + end) >> 1;
      if ((this.#waits[middle] as Wait).dueMs <= wait.dueMs) end = middle;
      else place = middle + 1;
    }
    this.#waits.splice(place, 0, wait);
  }

  run(): void {
    for (let wait = this.#waits.pop(); wait !== undefined; wait = this.#waits.pop()) {
      // A wait that was cancelled takes no time.
      if (wait.action.wait !== wait) continue;
      this.nowMs = wait.dueMs;
      wait.action.run();
    }
  }
}

class QueuedAction<State> extends Subscription implements SchedulerAction<State> {
  wait: Wait | undefined;
  readonly #queue: Queue;
  readonly #work: Work<State>;
  #state: State | undefined;

  constructor(queue: Queue, work: Work<State>) {
    super();
    this.#queue = queue;
    this.#work = work;
  }

  schedule(state?: State, delayMs = 0): Subscription {
    // As on any scheduler, a moment that is not a number never comes.
    if (this.closed || !Number.isFinite(delayMs)) return this;
    this.#state = state;
    this.wait = { dueMs: this.#queue.nowMs + delayMs, action: this as QueuedAction<unknown> };
    this.#queue.enter(this.wait);
    return this;
  }

  run(): void {
    this.wait = undefined;
    this.#work(this.#state);
    if (this.wait === undefined) this.unsubscribe();
  }

  override unsubscribe(): void {
    this.wait = undefined;
    super.unsubscribe();
  }
}
