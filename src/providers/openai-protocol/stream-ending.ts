import type { AddedPiece } from './streamed-answer.ts';

/** Tells whether a stream has ended, by the pieces that came. */
export interface StreamEnding {
  readonly add: (piece: AddedPiece) => void;
  /** Whether the answer is whole if the server says that it is done. */
  readonly isWholeWhenDone: () => boolean;
  /** Whether the answer is whole if the body ends. */
  readonly isWholeAtEnd: () => boolean;
  /** Whether the finish reason alone says that the answer is whole. */
  readonly isSure: () => boolean;
}

/**
 * Creates the ending of a stream. Some servers write a finish reason into every chunk, which says nothing about the end.
 * A finish reason is sure if a text without one came before it, and none after it.
 *
 * @param isFinishOptional whether the server writes no finish reasons: its usage alone, or its `[DONE]`, ends an answer.
 */
export const createStreamEnding = (isFinishOptional: boolean): StreamEnding => {
  let hasFinish = false;
  let hasEnded = false;
  let isSure = false;
  let hasUnfinishedText = false;
  return {
    add: ({ text, isFinished, isUsageAlone }) => {
      if (isFinished) {
        isSure = hasUnfinishedText && !hasFinish;
        hasFinish = true;
        hasEnded = true;
      } else if (text !== '') {
        hasUnfinishedText = true;
        isSure = false;
        hasEnded = false;
      } else if (isUsageAlone && isFinishOptional) hasEnded = true;
    },
    isWholeWhenDone: () => hasFinish || isFinishOptional,
    isWholeAtEnd: () => hasEnded,
    isSure: () => isSure,
  };
};
