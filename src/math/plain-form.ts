import type { Form } from './form.ts';
import { NOTATION, stop } from './unreadable.ts';
import { wordsForm } from './words-form.ts';

/** Texts that stand for an answer with what follows them: "No, it diverges". */
const VERDICT = /^(?:\\text\w*\s?\{\s*)?(yes|no|true|false)(?:\s*[,.;:}].*)?$/is;

/** The letter of an option, with what it says: "(B) 7", "Option C: x + 1", `\\textbf{(D)}`. */
const CHOICE =
  /^(?:\\(?:text\w*|mathrm|mathbf)\s?\{\s*)?(?:(?:[Oo]ption|[Cc]hoice)\s+\(?([A-E])\b|\(([A-E])\)|([A-E])[).:](?=[\s}]|$))(.*)$/s;

/** What makes of the letter of an option one of several, or a part of an expression. */
const NO_CHOICE = /^\s*\}?\s*[-+*/^=<>_!·×({,;&|]|\([A-E]\)|(?<![\w\\])(?:and|or)(?!\w)/;

/** Texts that stand for a missing answer. */
const NOTHING = /^(?:n\s*\/\s*a|null|nan|[?_]+)\.?$/i;

/** A date is no difference and no quotient. */
const DATE = /^(?:\d{4}-[01]\d-[0-3]\d|[0-3]?\d\/[0-3]?\d\/(?:19|20)\d\d)$/;

/** Letters of points: their order counts, so that they are no product. */
const POINTS = /^(?!DNE$)[A-Z]{2,3}$/;

/** A numeral with letters, in a base above 10: `A3_{16}`. Its base is dropped, as that of any numeral. */
const NUMERAL = /^(?:\\text)?[({]?(?=\w*\d|[A-Z]{2})(?=\w*[A-F])([\dA-F]+)[)}]?_(?:1[1-6]|\{ ?1[1-6] ?\})$/;

/** Returns the form of an answer that is no formula but a verdict, an option, a row of points or a numeral with letters; `undefined` for another. */
export function plainForm(text: string): Form | undefined {
  if (NOTHING.test(text)) stop('it says that there is none');
  if (DATE.test(text)) stop(NOTATION);
  const verdict = VERDICT.exec(text)?.[1];
  if (verdict !== undefined) return wordsForm(verdict.toLowerCase());
  const [, named, bracketed, labelled, rest = ''] = CHOICE.exec(text) ?? [];
  const letters =
    (NO_CHOICE.test(rest) ? undefined : (named ?? bracketed ?? labelled)) ??
    POINTS.exec(text)?.[0] ??
    NUMERAL.exec(text)?.[1];
  return letters === undefined ? undefined : { key: letters, text: letters };
}
