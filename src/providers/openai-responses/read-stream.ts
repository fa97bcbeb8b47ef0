import { createParser } from 'eventsource-parser';
import { cutOffError } from '../connection-error.ts';
import { drain } from '../drain.ts';
import { errorInReply } from '../openai-protocol/failure-in.ts';
import type { AnswerStream } from '../openai-protocol/reply-format.ts';
import { readEvent, type StreamEvent } from '../openai-protocol/stream-event.ts';
import { createStreamedResponse, type StreamedResponse } from './streamed-response.ts';

/**
 * Reads a streamed response to its last event, which says whether it is complete. What comes after it is ignored, and is
 * not waited for.
 *
 * @throws {ModelError} if an event says so, or the stream ends before the last event. Errors of the transport pass through.
 */
export const readResponseStream = async (
  model: string,
  { body, headers, emit, close }: AnswerStream,
): Promise<StreamedResponse> => {
  const response = createStreamedResponse(model, { headers, emit });
  let isOver = false;
  const isRead = (): boolean => isOver || response.isEnded();
  const addEvent = (event: StreamEvent): void => {
    if (isRead()) return;
    if (event.kind === 'error') throw errorInReply(model, event.body, headers);
    if (event.kind === 'chunk') response.add(event.chunk);
    isOver = event.kind === 'end';
  };
  const parser = createParser({
    onEvent: (raw) => {
      if (!isRead()) readEvent(model, raw).forEach(addEvent);
    },
  });
  const decoder = new TextDecoder();
  const pieces = body[Symbol.asyncIterator]();
  let isAtEnd = false;
  try {
    while (!isRead() && !isAtEnd) {
      const { done, value } = await pieces.next();
      isAtEnd = done === true;
      // Some servers omit the empty line after the last event.
      parser.feed(isAtEnd ? '\n\n' : decoder.decode(value, { stream: true }));
    }
  } finally {
    if (response.isEnded()) drain(pieces, close);
    else if (!isAtEnd) close();
  }
  if (!response.isEnded()) throw cutOffError(model);
  return response;
};
