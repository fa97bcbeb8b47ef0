import { createParser } from 'eventsource-parser';
import { MalformedResponseError } from '../../domain/errors.ts';
import { cutOffError } from '../connection-error.ts';
import { drain } from '../drain.ts';
import { createLingering } from '../lingering.ts';
import { errorInReply } from './failure-in.ts';
import type { ReadCompletion } from './read-completion.ts';
import { createThinkDivider } from './reasoning.ts';
import type { AnswerStream } from './reply-format.ts';
import { createStreamEnding } from './stream-ending.ts';
import { createEndSeeker, readEvent, type StreamEvent } from './stream-event.ts';
import { type AddedPiece, createStreamedAnswer } from './streamed-answer.ts';

/**
 * How long to wait for the usage and the end of a stream after a finish reason that is sure, in milliseconds. Only a
 * server that leaves the connection open without a word is waited for so long.
 */
const LINGER_MS = 2000;

/**
 * Reads a streamed chat completion to the end of the protocol: `[DONE]`, the usage after a finish reason that is sure, or
 * the end of the body after a finish reason. A connection that breaks before it is a failure. What comes after it is
 * ignored, and is not waited for.
 *
 * @throws {ModelError} if an event is not a chunk, or the stream ends too early. Errors of the transport pass through.
 */
export const readStream = async (
  model: string,
  { body, headers, isFinishOptional, emit, close }: AnswerStream,
): Promise<ReadCompletion> => {
  const answer = createStreamedAnswer(model, headers);
  const ending = createStreamEnding(isFinishOptional);
  const thinking = createThinkDivider();
  let isDone = false;
  const emitAll = ({ text, reasoning }: { readonly text: string; readonly reasoning: string }): void => {
    if (reasoning !== '') emit(reasoning, { kind: 'reasoning' });
    if (text !== '') emit(text);
  };
  const addPiece = (piece: AddedPiece): void => {
    ending.add(piece);
    const { text, reasoning } = thinking.add(piece.text);
    emitAll({ text, reasoning: piece.reasoning + reasoning });
    for (const { delta, ...of } of piece.inputs) emit(delta, of);
  };
  const completion = (): ReadCompletion => {
    emitAll(thinking.end());
    return answer.completion();
  };
  const addEvent = (event: StreamEvent): void => {
    if (isDone) return;
    if (event.kind === 'error') throw errorInReply(model, event.body, headers);
    if (event.kind === 'chunk') addPiece(answer.add(event.chunk));
    isDone = event.kind === 'end' || ending.isOver() || (event.kind === 'named-end' && ending.isWholeAtEnd());
  };
  const parser = createParser({
    onEvent: (event) => {
      if (!isDone) readEvent(model, event).forEach(addEvent);
    },
  });
  const isAtDone = createEndSeeker();
  const feed = (text: string): void => {
    parser.feed(text);
    if (!isDone && isAtDone(text)) parser.feed('\n\n');
  };
  const decoder = new TextDecoder();
  const pieces = body[Symbol.asyncIterator]();
  const lingering = createLingering(LINGER_MS);
  let isAtEnd = false;
  try {
    while (!isDone && !isAtEnd) {
      const piece = await (ending.isSure() ? lingering.until(pieces.next()) : pieces.next());
      if (piece === undefined) return completion();
      isAtEnd = piece.done === true;
      if (!piece.done) feed(decoder.decode(piece.value, { stream: true }));
    }
    if (!isDone) feedEnd(parser, ending.isSure());
    answer.addOnlyOther().forEach(addPiece);
  } finally {
    lingering.stop();
    if (isDone) drain(pieces, close);
    else if (!isAtEnd) close();
  }
  if (isDone ? ending.isWholeWhenDone() : ending.isWholeAtEnd()) return completion();
  throw isDone ? withoutFinishReason(model) : cutOffError(model);
};

const withoutFinishReason = (model: string): MalformedResponseError =>
  new MalformedResponseError(
    model,
    `the stream ended with [DONE] and without a finish reason: set finish: 'optional' if the server never writes one`,
    { isRetryable: true },
  );

/** Some servers omit the empty line after the last event. An event that is cut does not matter if the answer is whole. */
const feedEnd = (parser: { feed(text: string): void }, isWhole: boolean): void => {
  try {
    parser.feed('\n\n');
  } catch (error) {
    if (!isWhole) throw error;
  }
};
