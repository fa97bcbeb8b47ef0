/** Where a text begins another question: a model that was not stopped goes on after its answer. */

const NUMBER = '\\s?(?:\\d{1,3}|[ivx]{1,4})';

const QUESTION = '(?:question|q|problem|exercise|puzzle)';

/** The marks of another question. */
export const BOUNDARIES = [
  `\\n(?:[*#>_ \\t]*(?:next |new |another |follow-up )?(?:${[
    // "Question:", "**Q2.**", "Problem 3:", "Exercise 4"
    `${QUESTION}(?:${NUMBER})?[*_]{0,2} ?:`,
    `(?:${QUESTION}|task|example)${NUMBER}[*_]{0,2} ?[.):\\n]`,
    '(?:user|human|student|instruction|prompt)[*_]{0,2} ?:',
  ].join('|')})|${[
    '#{1,6} ?(?:instruction|response|input|question|problem|user|human|assistant|system)s?\\b',
    // "Now, combining all the answers": of several questions.
    '[^\\n]{0,40}(?:\\ball (?:of )?(?:the |these )?(?:answers|questions|problems)\\b|总结)',
  ].join('|')})`,
  '<\\|(?:im_start|im_end|endoftext|eot_id|start_header_id|user|end|return)\\|>',
  '<start_of_turn>|\\[INST\\]',
].join('|');
