import { withoutBullets } from './number-bullets.ts';
import { type NumberReading, namesValue, readCalculation } from './number-calculation.ts';
import { partOf } from './number-clause.ts';
import { withoutLabel } from './number-label.ts';
import { isListedAfter, isNear } from './number-list.ts';
import { readMention } from './number-mention.ts';
import { changedBefore, negationBefore } from './number-prose.ts';
import { firstSentence } from './number-sentence.ts';
import type { Token } from './number-token.ts';
import { LONGEST_QUANTITY, phraseOf } from './number-tokens.ts';
import { fillers } from './number-words.ts';
import { isNumber, quantityAt } from './quantity.ts';

/** Reads a text that is one quantity as a whole, with or without words around it. */
export function readWhole(content: string, opensLine = false): NumberReading {
  if (content.length > LONGEST_QUANTITY)
    return readAnnounced(content, opensLine) ?? { why: 'it is too long' };
  const { text, tokens: all } = phraseOf(content);
  const tokens = withoutLabel(withoutBullets(all, opensLine));
  return readOpening(tokens, isListedAfter) ?? readCalculation(tokens) ?? readMention({ text, tokens });
}

/** Reads the quantity that an announcement holds. Reasons may follow it. */
export function readAnnounced(content: string, opensLine: boolean): NumberReading {
  const phrase = phraseOf(content);
  const sentence = firstSentence(withoutLabel(withoutBullets(phrase.tokens, opensLine)));
  const opening = readOpening(sentence);
  if (opening !== undefined) return opening;
  const first = sentence.findIndex(isNumber);
  if (first === -1) return undefined;
  const before = phrase.text.slice(sentence[0]?.start, sentence[first]?.start);
  if (opensClause.test(before) || opensDenial(before)) return readMention({ ...phrase, tokens: sentence });
  const why = changedBefore(before);
  return why === undefined ? undefined : { why };
}

/** "The answer is that Alice has 5 apples." */
const opensClause = /^(?:that|dass|que|che|что)\b/iu;

/** "The answer is not 41 but 42." */
const opensDenial = (before: string): boolean => negationBefore().test(before) && !/[,;:(]/.test(before);

/** Reads a phrase that begins with a quantity: "42", "x = 5", "about $18 per day, because …", "40 + 2 = 42". */
export function readOpening(
  tokens: readonly Token[],
  isPart?: (tokens: readonly Token[], start: number, value: number) => boolean,
): NumberReading {
  const quantity = quantityAt(tokens, openingAt(tokens));
  if (quantity === undefined) return undefined;
  const { value, end } = quantity;
  const next = tokens[end]?.text;
  let why = quantity.why;
  if (value !== undefined) {
    if (next === '≈') return approximated(tokens, end, value);
    if (next === '=' && namesValue(tokens.slice(end + 1))) return { value };
    why = next === '=' ? 'it is an equation' : partOf(tokens, end, value);
    if (why === undefined)
      return isPart?.(tokens, end, value) ? { why: 'it is followed by another number' } : { value };
  }
  return readCalculation(tokens) ?? { why: why ?? '' };
}

/** Reads `16/3 ≈ 5.33`, whose left side is exact. */
function approximated(tokens: readonly Token[], at: number, value: number): NumberReading {
  const other = quantityAt(tokens, at + 1)?.value;
  return other !== undefined && isNear(other, value)
    ? { value }
    : (readCalculation(tokens) ?? { why: 'it is a range' });
}

/** Returns the position after "about", "the answer is", `x =`, `f(x) =`. */
function openingAt(tokens: readonly Token[]): number {
  const number = tokens.findIndex((token) => token.text === '=' || isNumber(token));
  if (tokens[number]?.text === '=' && namesValue(tokens.slice(0, number))) return number + 1;
  let at = 0;
  while (at < tokens.length && isFiller(tokens, at)) at++;
  return at;
}

function isFiller(tokens: readonly Token[], at: number): boolean {
  const { kind, text } = tokens[at] as Token;
  return kind === 'word'
    ? fillers.has(text)
    : kind === 'break' ||
        text === ':' ||
        (at === 0 && /^[⇒→•]$/u.test(text)) ||
        (text === '.' && tokens[at - 1]?.kind === 'word');
}
