import { lazily } from '../../domain/lazily.ts';

/** Tells the parts of a question apart that a text answers one after the other: "Part A", "(b)", "question 2". */

const NOUN =
  '(?:sub-?)?(?:part|question|problem|exercise|task|item|teil(?:aufgabe)?|frage|aufgabe|partie|parte|apartado|pregunta|pergunta|domanda|часть|вопрос|задача)';

const NAME = '(?:\\(?(?:[a-h]|\\d{1,2}|[ivx]{1,4})\\)?)(?![\\p{L}\\p{N}])';

/** "For part (a), the", "**Part A**\nThe", "(b) The", "Second". */
const BEFORE = lazily(
  () =>
    new RegExp(
      `(?:^|[\\n.!?;,]\\s*|\\*\\*|\\b(?:and|but|while) |\\b(?:for|in|of|zu|für|pour|para|per) (?:the )?)(?:[*#>_\\s-]*)(?:${NOUN}\\s*(?<named>${NAME})[^\\n.!?]{0,40}(?:\\n+[^\\n.!?]{0,20})?|\\((?<bare>[a-h]|\\d{1,2}|[ivx]{1,4})\\)[^\\n.!?]{0,20}|(?:my |the )?(?<ordinal>first|second|third)[ ])$`,
      'iu',
    ),
);

/** "to part B is". */
const WITHIN = lazily(
  () =>
    new RegExp(
      `^[^\\n.!?]{0,30}?(?:${NOUN}\\s*(?<named>${NAME})|\\bthe (?<ordinal>first|second|third)(?: ${NOUN}| one)?(?!\\p{L}))`,
      'iu',
    ),
);

/** "for part (a)" after a box. */
const AFTER = new RegExp(
  `^[}$)\\s*]{0,6}(?:for|in|zu|für|pour|para|per) (?:the )?${NOUN}\\s*(?<named>${NAME})`,
  'iu',
);

const REACH = 80;

/** Returns the part that the answer answers whose mark begins at `at`, and whose value is between `start` and `end`. */
export function partOfAnswer(text: string, at: number, start: number, end: number): string | undefined {
  const { named, bare, ordinal } = {
    ...BEFORE().exec(text.slice(Math.max(0, at - REACH), at))?.groups,
    ...WITHIN().exec(text.slice(at, start))?.groups,
    ...AFTER.exec(text.slice(end, end + REACH))?.groups,
  };
  return (named ?? bare ?? ordinal)?.replace(/[()]/g, '').toLowerCase();
}
