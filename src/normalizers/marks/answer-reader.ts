import type { Abstention } from '../../domain/normalizer.ts';
import type { AnswerMarks } from './answer-marks.ts';

/**
 * What a reader makes of a place in a text: an answer; an abstention if this is the place of the answer, but cannot be
 * read, which ends the search; `undefined` if no answer of this kind is there.
 */
export type Reading<Answer> = Answer | Abstention | undefined;

/** Reads an answer from the three kinds of places in a text. */
export interface AnswerReader<Answer> {
  /** Names the answer in the reason of an abstention: "a number". */
  readonly sought: string;
  /** Whether an answer is one label of a few. Those of several questions cannot be combined to one. */
  readonly isLabel?: boolean;
  /** Reads the whole content of a delimited answer, without outer white space, unchanged. */
  readonly field: (content: string, raw: string) => Reading<Answer>;
  /** Reads the value at `start`, right after "the answer is"; what belongs to it ends at `end`. */
  readonly phrase?: (text: string, start: number, end: number) => Reading<Answer>;
  /** Reads the part of a text from `from` to `to`, if it has no mark. */
  readonly unmarked: (text: string, marks: AnswerMarks) => Reading<Answer>;
  /** Reads a mark that holds nothing. Default: abstains. */
  readonly empty?: () => Reading<Answer>;
  /**
   * Whether any text is an answer of this kind. An announcement that cannot be read is then prose, no word is skipped, and a line of four
   * hashes is a heading unless it is the last one. Default: false.
   */
  readonly readsProse?: boolean;
  /** Whether an announcement of a text counts also within a sentence. Default: only if it opens its line. */
  readonly readsAnyProse?: boolean;
}
