import type { AddedPiece } from './streamed-answer.ts';

/** What a piece of a stream says about its ending. */
type EndingPiece = Pick<AddedPiece, 'text' | 'isFinished' | 'isUsageAlone'> & Partial<AddedPiece>;

/** Tells whether a stream has ended, by the pieces that came. */
export interface StreamEnding {
  readonly add: (piece: EndingPiece) => void;
  /** Whether the answer is whole if the server says that it is done. */
  readonly isWholeWhenDone: () => boolean;
  /** Whether the answer is whole if the body ends. */
  readonly isWholeAtEnd: () => boolean;
  /** Whether the finish reason alone says that the answer is whole. */
  readonly isSure: () => boolean;
  /** Whether the usage came alone after the finish reason, which is the end of the protocol. */
  readonly isOver: () => boolean;
}

/**
 * Creates the ending of a stream. Some servers write a finish reason into every chunk, which says nothing about the end.
 * A finish reason is sure if a text without one came before it, and none after it; or if the usage alone came after it.
 *
 * @param isFinishOptional whether the server writes no finish reasons: its usage alone, or its `[DONE]`, ends an answer.
 */
export const createStreamEnding = (isFinishOptional: boolean): StreamEnding => {
  let finishes = 0;
  let isFinishLast = false;
  let isUsageLast = false;
  let isSure = false;
  let wasSure = false;
  let hasUnfinishedText = false;
  let isOver = false;
  return {
    add: ({ text, reasoning = '', inputs = [], isFinished, isUsageAlone }) => {
      const isWriting = text !== '' || reasoning !== '' || inputs.length > 0;
      if (isFinished) {
        isSure = (isSure && !isWriting) || (hasUnfinishedText && finishes === 0);
        isFinishLast = true;
        finishes += 1;
      } else if (isWriting) {
        hasUnfinishedText = true;
        isSure = false;
        isFinishLast = false;
        isUsageLast = false;
      } else if (isUsageAlone) {
        isUsageLast = true;
        isOver = isFinishLast && (isSure || finishes === 1);
        // Several finish reasons may be in every chunk. Then more chunks are waited for, but not long, and only once.
        isSure ||= isFinishLast && !wasSure;
      }
      wasSure ||= isSure;
    },
    isWholeWhenDone: () => finishes > 0 || isFinishOptional,
    isWholeAtEnd: () => isFinishLast || (isUsageLast && isFinishOptional),
    isSure: () => isSure,
    isOver: () => isOver,
  };
};
