/** Where a text begins another question: a model that was not stopped continues after its answer. */

const NUMBER = '\\s?(?:\\d{1,3}|[ivx]{1,4})';

const QUESTION = '(?:question|q|problem|exercise|puzzle)';

/** The marks of another question. A look ahead spares most lines the trial of all. */
export const BOUNDARIES = [
  `\\n(?=[*#>_ \\t]*[a-z])(?:[*#>_ \\t]*(?:next |new |another |follow-up )?(?:${[
    // "Question:", "**Q2.**", "Problem 3:", "Exercise 4"
    `${QUESTION}(?:${NUMBER})?[*_]{0,2} ?:`,
    `(?:${QUESTION}|task|example)${NUMBER}[*_]{0,2} ?[.):\\n]`,
    '(?:user|human|student|instruction|prompt)[*_]{0,2} ?:',
  ].join(
    '|',
  )})|#{1,6} ?(?:your |new |next )?(?:instruction|response|input|question|problem|task|user|human|assistant|system)s?\\b)`,
  '<\\|(?:im_start|im_end|endoftext|eot_id|start_header_id|user|end|return)\\|>',
  '<start_of_turn>',
  '\\[INST\\]',
];

/** "Now, combining all the answers:" on a line of its own: what follows answers several questions. */
const SUMS_UP =
  /\n[^\n]{0,40}(?:\ball (?:of )?(?:the |these |our )?(?:questions|problems|answers)\b|所有(?:问题|答案)|以上(?:所有)?(?:问题|答案))/i;

const LONGEST_SUMMARY = 1_000;

/** Whether a text begins to sum up several questions between two of its announcements. */
export const sumsUp = (text: string, from: number, to: number): boolean =>
  to - from <= LONGEST_SUMMARY && SUMS_UP.test(text.slice(from, to));
