import { Subscriber, UnsubscriptionError } from 'rxjs';
import { isA, nameOf } from './foreign.ts';

/** The warning about a teardown that threw. For several teardowns, RxJS throws one error with all of theirs. */
export const tornDown = (error: unknown): string => {
  const errors: unknown[] = isA(error, UnsubscriptionError) ? error.errors : [error];
  return `the teardown of the model threw ${errors.map(nameOf).join(', ')}`;
};

/** Forwards to a subscriber. If a teardown of the source throws, it is reported, and the subscriber goes on. */
export class ContainedSubscriber<T> extends Subscriber<T> {
  readonly #report: (warning: string) => void;

  constructor(destination: Subscriber<T>, report: (warning: string) => void) {
    super(destination);
    this.#report = report;
  }

  override unsubscribe(): void {
    try {
      super.unsubscribe();
    } catch (error) {
      this.#report(tornDown(error));
    }
  }
}
