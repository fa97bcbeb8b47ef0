import { interval, type Subscription } from 'rxjs';
import type { Frame } from './dialect.ts';

const encoder = new TextEncoder();

/** Text that a client skips. Sent at once, it makes every host send the headers, so that a client that leaves is noticed. */
const OPENING = ':\n\n';
const KEEP_ALIVE = ': keep-alive\n\n';

export const eventStreamHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** An event as it is sent. No line break of the data can begin another field. */
const written = ({ event, data }: Frame): string => {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`;
};

/**
 * Returns the body of a stream of events: a comment at once, frames as a reader asks for them, and a comment in each pause of
 * `keepAliveMs`. A reader that leaves returns the iterator.
 *
 * @param frames must not throw: a failure is a frame.
 */
export const eventStream = (
  frames: AsyncIterator<readonly Frame[], undefined>,
  keepAliveMs: number,
): ReadableStream<Uint8Array> => {
  let pauses: Subscription | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(OPENING));
        pauses = interval(keepAliveMs).subscribe(() => {
          // A client that reads nothing gets no comments, which would fill its queue.
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(KEEP_ALIVE));
        });
      },
      async pull(controller) {
        // A pull that enqueues nothing is the last one.
        for (;;) {
          const { done, value } = await frames.next();
          if (done === true) {
            pauses?.unsubscribe();
            controller.close();
            return;
          }
          if (value.length === 0) continue;
          controller.enqueue(encoder.encode(value.map(written).join('')));
          return;
        }
      },
      async cancel() {
        pauses?.unsubscribe();
        await frames.return?.();
      },
    },
    { highWaterMark: 1 },
  );
};
