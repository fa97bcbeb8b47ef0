import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { errorIn, unreadable } from './post.ts';
import { RemoteError } from './remote-error.ts';
import type { RemoteEvent, RemotePrediction } from './remote-prediction.ts';

/** Reads a prediction. @throws {RemoteError} if there is no prediction in the response, or a part of it only. */
export const readPrediction = async (response: Response): Promise<RemotePrediction> => {
  const text = await response.text().catch((cause: unknown) => {
    throw cut(response, cause);
  });
  const prediction = parsed(text, response);
  if (!isObject(readSafely(prediction, 'metadata'))) throw unreadable(response);
  return prediction as RemotePrediction;
};

/**
 * Reads the events of a prediction as they arrive.
 *
 * @throws {RemoteError} for the error that ends the stream, and if it ends without one and without a prediction.
 */
export async function* readPredictionEvents(response: Response): AsyncGenerator<RemoteEvent> {
  const { body, headers } = response;
  if (body === null || headers.get('content-type')?.startsWith('text/event-stream') !== true)
    throw unreadable(response);
  let isComplete = false;
  try {
    for await (const { event, data } of messagesOf(body)) {
      if (isComplete) continue;
      const value = parsed(data, response);
      if (event === 'error') throw errorIn(value, response);
      isComplete = event === 'complete';
      yield isComplete ? explained(value) : (value as RemoteEvent);
    }
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    if (!isComplete) throw cut(response, error);
  }
  if (!isComplete) throw cut(response);
}

/** Moves the explanation of the last event into its prediction. */
const explained = (event: unknown): RemoteEvent => {
  const { explanation, ...complete } = event as Extract<RemoteEvent, { readonly type: 'complete' }> & {
    readonly explanation?: string;
  };
  if (explanation === undefined) return complete;
  return { ...complete, prediction: { ...complete.prediction, explanation } };
};

const cut = (response: Response, cause?: unknown): RemoteError =>
  new RemoteError(
    'the connection ended before the prediction was complete; a server cancels the calls of a client that is gone, and asking again costs another prediction',
    {
      code: 'connection_cut',
      status: response.status,
      requestId: response.headers.get('x-request-id') ?? undefined,
      cause,
    },
  );

const parsed = (text: string, response: Response): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(response);
  }
};

/** Reads a stream of events to its end. A reader that leaves cancels the response. */
async function* messagesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => arrived.push(event) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
