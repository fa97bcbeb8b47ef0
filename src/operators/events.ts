import { Observable } from 'rxjs';
import type { StreamEvent } from '../domain/stream-event.ts';
import { type Buffer, iterate } from './to-async-iterable.ts';

/**
 * The events of one prediction, for a subscriber or a reader. A class, because assigning an iterator to an Observable
 * afterwards takes as long as a call.
 */
export class Events<Answer>
  extends Observable<StreamEvent<Answer>>
  implements AsyncIterable<StreamEvent<Answer>>
{
  [Symbol.asyncIterator](): AsyncIterator<StreamEvent<Answer>, undefined> {
    return iterate(this, eventBuffer as Buffer<StreamEvent<Answer>>);
  }
}

/**
 * The buffer between the events of one prediction and a slow reader. From 1024 waiting events on, the deltas of a call are
 * joined to its last one that waits, so that the number of waiting events is bounded: 1024, at most five for each call, and one for each retry.
 * Their texts are bounded as well.
 */
const eventBuffer: Buffer<StreamEvent<never>> = {
  most: 16_777_216,
  unit: 'characters of deltas',
  waiting: {
    joinFrom: 1024,
    sizeOf: (event) => (isDeltaEvent(event) ? event.text.length : 0),
    partOf: (event) => (isDeltaEvent(event) ? partOf(event) : undefined),
    join: (earlier, later) =>
      isDeltaEvent(earlier) && isDeltaEvent(later) ? { ...earlier, text: earlier.text + later.text } : later,
  },
};

type DeltaEvent = Extract<StreamEvent<never>, { readonly text: string }>;

const isDeltaEvent = (event: StreamEvent<never>): event is DeltaEvent => 'text' in event;

/** What a delta continues: the answer or the reasoning of a call, or one of its tool calls. */
const partOf = (event: DeltaEvent): string =>
  `${event.call} ${event.type} ${event.type === 'tool-input-delta' ? event.toolCallId : ''}`;
