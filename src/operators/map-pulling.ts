import { type Observable, Subscriber } from 'rxjs';
import { createMailbox } from './mailbox.ts';
import { createSequence } from './sequence.ts';

/** How many items are worked on at a time, and in which order their values come out. */
export interface Window {
  readonly concurrency: number;
  readonly ordered: boolean;
}

/** What one item came to: a value, nothing, or an error. */
type Result<Out> = { readonly value: Out } | { readonly error: unknown } | Record<string, never>;

/**
 * Maps a source to observables of at most one value each, and yields these values. It pulls: an item is
 * read from the source only while fewer than `concurrency` items are in flight or wait to be read, so a
 * slow consumer slows the source down, and a source of any size takes the same memory. (`mergeMap` reads
 * all of its source at once and then takes quadratic time over it.)
 *
 * The first error ends the iteration, in its place; ending the iteration aborts whatever is in flight.
 */
export const mapPulling = <In, Out>(
  source: Iterable<In> | AsyncIterable<In>,
  project: (item: In, index: number) => Observable<Out>,
  window: Window,
): AsyncIterable<Out> => ({ [Symbol.asyncIterator]: () => iterate(source, project, window) });

const iterate = <In, Out>(
  source: Iterable<In> | AsyncIterable<In>,
  project: (item: In, index: number) => Observable<Out>,
  { concurrency, ordered }: Window,
): AsyncIterator<Out, undefined> => {
  const mailbox = createMailbox<Out>();
  const inFlight = new Set<Subscriber<Out>>();
  const due = createSequence<Result<Out>>();
  let items: Iterator<In> | AsyncIterator<In> | undefined;
  let started = 0;
  let delivered = 0;
  let isExhausted = false;
  let isReading = false;
  let isPumping = false;

  /** Aborts what is in flight and lets the source go, which may take its time or fail. */
  const stop = async (): Promise<void> => {
    const isOpen = !isExhausted;
    isExhausted = true;
    for (const subscriber of inFlight) subscriber.unsubscribe();
    inFlight.clear();
    if (isOpen) await items?.return?.();
  };
  const fail = (error: unknown): void => {
    mailbox.close({ error });
    // The iteration has its error; that its source does not close well either is no news.
    stop().catch(() => {});
  };
  const deliver = (result: Result<Out>): void => {
    delivered += 1;
    if ('error' in result) fail(result.error);
    else if ('value' in result) mailbox.post(result.value as Out);
  };
  const settle = (index: number, result: Result<Out>): void => {
    for (const next of ordered ? due(index, result) : [result]) deliver(next);
    pump();
  };
  const start = (item: In): void => {
    const index = started;
    started += 1;
    let result: Result<Out> = {};
    const end = (): void => {
      inFlight.delete(subscriber);
      settle(index, result);
    };
    const subscriber = new Subscriber<Out>({
      next: (value) => {
        result = { value };
      },
      error: (error: unknown) => {
        result = { error };
        end();
      },
      complete: end,
    });
    inFlight.add(subscriber);
    try {
      project(item, index).subscribe(subscriber);
    } catch (error) {
      subscriber.error(error);
    }
  };
  const accept = (step: IteratorResult<In>): void => {
    if (step.done) isExhausted = true;
    else start(step.value);
  };
  const read = (): void => {
    items ??= Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    const step = items.next();
    if (!('then' in step)) {
      accept(step);
      return;
    }
    isReading = true;
    step
      .then((next) => {
        isReading = false;
        if (!isExhausted) accept(next);
        pump();
      })
      .catch((error: unknown) => {
        isExhausted = true;
        fail(error);
      });
  };
  const pump = (): void => {
    if (isPumping) return;
    isPumping = true;
    try {
      while (!isExhausted && !isReading && started - delivered + mailbox.unread() < concurrency) read();
    } catch (error) {
      isExhausted = true;
      fail(error);
    }
    isPumping = false;
    if (isExhausted && delivered === started) mailbox.close();
  };

  return {
    next() {
      const result = mailbox.take();
      pump();
      return result;
    },
    async return() {
      mailbox.discard();
      await stop();
      return { done: true, value: undefined };
    },
  };
};
