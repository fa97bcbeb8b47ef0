import { MalformedResponseError } from '../../domain/errors.ts';
import { asObject } from '../as-object.ts';
import { tooLargeError } from '../bounded-fetch.ts';
import { cutOffError } from '../connection-error.ts';
import { endsAnswer } from '../finish-reason.ts';
import { createLingering } from '../lingering.ts';
import { createStreamEnding } from '../openai-protocol/stream-ending.ts';
import type { Exchange } from '../provider-model.ts';
import { hasCandidates, isContent, notAnAnswer } from './content.ts';
import { type AnswerPiece, emitPiece, joinPieces, readPiece, writtenIn } from './read-piece.ts';
import { errorInReply, isError } from './refusal-error.ts';

/** How long to wait for the end of a stream after its answer, in milliseconds. */
const LINGER_MS = 250;

interface AnswerStream extends Pick<Exchange, 'emit'> {
  readonly events: AsyncIterable<unknown>;
  readonly maxCharacters: number;
  /** Closes the connection. */
  readonly close: () => void;
}

/**
 * Reads the events of a stream as an answer. The protocol has no last event: an answer is complete with a finish reason
 * and the end of the body. Some servers never end the body. Then the answer is complete with its finish reason, but only if
 * the server does not send one in every event: a text without one came before it, and none after it.
 *
 * @throws {ModelError} if an event is invalid or an error, or the stream ends before the answer.
 */
export const readStream = async (
  model: string,
  { events, maxCharacters, emit, close }: AnswerStream,
): Promise<AnswerPiece> => {
  const stream = events[Symbol.asyncIterator]();
  const ending = createStreamEnding(false);
  const lingering = createLingering(LINGER_MS);
  let answer = readPiece(model, undefined);
  let last: AnswerPiece | undefined;
  let characters = 0;
  try {
    for (;;) {
      const next = await (ending.isSure() ? lingering.until(stream.next()) : stream.next());
      if (next === undefined) close();
      if (next === undefined || next.done) break;
      checkEvent(model, next.value);
      const piece = readPiece(model, next.value);
      const written = writtenIn(piece);
      if (isRepeated(last, piece)) {
        if (ending.isSure()) continue;
        throw new MalformedResponseError(model, 'the stream repeats its last event', { isRetryable: true });
      }
      const isFinished = endsAnswer(piece.finishReason);
      if (isFinished) last = piece;
      ending.add({ text: written, isFinished, isUsageAlone: false });
      answer = joinPieces(answer, piece);
      characters += written.length;
      if (characters > maxCharacters) throw tooLargeError(model);
      emitPiece(piece, emit);
    }
  } finally {
    lingering.stop();
  }
  if (!ending.isWholeAtEnd() || !answer.isAnswer) throw cutOffError(model);
  return answer;
};

/** Whether a piece with a finish reason is sent again: with more content, there would be more tokens. */
const isRepeated = (last: AnswerPiece | undefined, piece: AnswerPiece): boolean =>
  last !== undefined &&
  writtenIn(piece) !== '' &&
  writtenIn(piece) === writtenIn(last) &&
  piece.finishReason === last.finishReason &&
  totalOf(piece.usage) === totalOf(last.usage);

const totalOf = (usage: unknown): unknown => asObject(usage).totalTokenCount;

/**
 * Throws if an event is an error. Events that say nothing do not come here, unless a client of the caller reads the reply:
 * then they may be errors, because one of Google's SDKs leaves out the fields that it does not know.
 */
const checkEvent = (model: string, event: unknown): void => {
  if (isError(event)) throw errorInReply(model, event);
  if (!hasCandidates(event)) throw notAnAnswer(model);
  if (!isContent(event)) {
    throw new MalformedResponseError(model, 'the stream has an event that is not a piece of an answer', {
      isRetryable: true,
    });
  }
};
