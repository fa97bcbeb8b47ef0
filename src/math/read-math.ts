import { type Abstention, abstain } from '../domain/normalizer.ts';
import { answerForm } from './answer-form.ts';
import { MOST_STEPS } from './evaluate.ts';
import type { Form } from './form.ts';
import { withoutJson } from './json-answer.ts';
import { tokensOf } from './lexer.ts';
import { MathAnswer } from './math-answer.ts';
import { node } from './node.ts';
import { parseAnswer } from './parse-answer.ts';
import { plainForm } from './plain-form.ts';
import type { Reading } from './reading.ts';
import { inOneSpelling } from './spelling.ts';
import { stop, TOO_LONG, unlessUnreadable } from './unreadable.ts';

/** The longest answer that is read, in characters. */
const MOST_CHARACTERS = 4096;

/** How values and units are read. */
export type MathSettings = Pick<Reading, 'digits' | 'dividesPercent' | 'keepsUnits'>;

/** Reads the whole of a text as one answer. */
export const readMath = (text: string, settings: MathSettings): MathAnswer | Abstention =>
  unlessUnreadable(
    () => {
      if (text.length > MOST_CHARACTERS) stop(TOO_LONG);
      const spelled = inOneSpelling(withoutJson(text));
      if (spelled.includes('\n') && !spelled.includes('\\begin')) stop('it has several lines');
      const { key, text: printed, number } = plainForm(spelled) ?? formOf(spelled, settings);
      return new MathAnswer(key, printed, number);
    },
    (why) => abstain(`the answer is not read: ${why}`),
  );

function formOf(spelled: string, settings: MathSettings): Form {
  const tree = parseAnswer(tokensOf(spelled));
  // "5 apples" alone is 5.
  const answer = tree.kind === 'count' ? node('unit', tree.value, tree.parts) : tree;
  const reading: Reading = {
    ...settings,
    steps: { left: MOST_STEPS },
    form: (part) => answerForm(part, reading),
  };
  return answerForm(answer, reading);
}
