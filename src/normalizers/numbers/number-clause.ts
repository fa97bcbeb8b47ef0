import { continued, hasOther, isCalculation, remark } from './number-list.ts';
import { OPAQUE } from './number-marks.ts';
import { baseAfter, boundAfter } from './number-prose.ts';
import { citationEnd, endsSentence } from './number-sentence.ts';
import { type Token, wordsAt } from './number-token.ts';
import { changers, numberWords, reasons, unspacedChanger } from './number-words.ts';
import { isNumber } from './quantity.ts';

/** Marks after a number that make it a part of an expression, a comparison or a range. */
const operators = new Set(['+', '×', '÷', '/', '<', '±', '!', '~', '|', OPAQUE]);

/**
 * Returns the reason if the clause that continues at the token `start` makes the quantity before it a part of something:
 * "40 to 50", "5 or 6", "5 + 3", "5 feet 3 inches". Reasons may follow: "42 because 3 …", "42, which is 40 + 2".
 */
export function partOf(tokens: readonly Token[], start: number, value: number): string | undefined {
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const { kind, text } = token;
    if (endsSentence(tokens, at)) return undefined;
    if (text === '⇒' || text === '…')
      return hasOther(tokens, at + 1, value) ? 'it is followed by another number' : undefined;
    if (isNumber(token)) return 'it is followed by another number';
    if (kind === 'power' && !isUnit(tokens[at - 1], token)) return 'it is an expression';
    if (text === '=') return 'it is an equation';
    if (text === ':' && isCalculation(tokens, at + 1)) return undefined;
    if (text === ',' || text === ';' || text === ':') return continued(tokens, at + 1, value);
    if (text === '(' && token.isSpaced) {
      const close = closingAt(tokens, at);
      const why = remark(tokens, at + 1, close, value);
      if (why !== undefined) return why;
      at = close;
    } else if (text === '[') {
      const close = citationEnd(tokens, at);
      if (close === undefined) return 'it is followed by a list';
      at = close;
    } else if (text === '(' || operators.has(text)) return 'it is an expression';
    else if (text === '-' || text === '–') {
      const next = tokens[at + 1];
      if (isNumber(next) || next?.text === '$') return 'it is a range';
      if (!token.isSpaced || next?.kind !== 'word') return 'it is an expression';
      return reasons.has(next.text)
        ? undefined
        : hasOther(tokens, at + 1, value)
          ? 'it is followed by another number'
          : undefined;
    } else if (kind === 'word') {
      const words = opensPhrase.test(text) ? wordsAt(tokens, at, 4) : '';
      if (baseAfter.test(words)) return 'it is not a decimal number';
      if (/^to (?:the )?\S+ (?:decimal|significant|d\.?p|s\.?f)/.test(words)) return undefined;
      if (reasons.has(text)) return undefined;
      if (words !== '' && isDenied(tokens, at)) return 'it is denied';
      if (boundAfter.test(words)) return 'it is a bound';
      // "42 in base 10".
      if (/^base (?:10|ten)\b/.test(words)) at++;
      const isApproximate = /^or (?:so|thereabouts)\b/.test(words);
      if (isApproximate) at++;
      if (
        (!isApproximate && changers.has(text) && !isVerb(tokens, at) && !isLeftOver(tokens, at)) ||
        numberWords.has(text) ||
        month.test(token.raw)
      )
        return `"${text}" follows it`;
    } else if (kind === 'unspaced' && unspacedChanger.test(text)) return `"${text}" follows it`;
  }
  return undefined;
}

/** How a phrase of several words begins that is looked for after a number. Most words do not, and are not joined to the next ones. */
const opensPhrase =
  /^(?:(?:in|as|a|to|at|and|or|below|above|is|was|are|were|would|can)$|bin|ter|oct|duo|hex|base|up|onward|tops|max|min|plus|(?:is|was|are|were|ca|wo)n)/;

/** A month after a number makes it a day. "May" may begin a sentence. */
const month =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)$/;

/** Whether a power after a word is that of a unit: "12 units²", but not "5 n²". */
const isUnit = (before: Token | undefined, power: Token): boolean =>
  before?.kind === 'word' && before.text.length > 3 && before.end === power.start;

/** The "over" of "5 left over". */
const isLeftOver = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.text === 'over' && tokens[at - 1]?.text === 'left';

/** The "am" of "I am sure" is no time of day. */
const isVerb = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.text === 'am' && tokens[at - 1]?.text === 'i';

/** "is not", "isn't", "is wrong" after a number. */
const isDenied = (tokens: readonly Token[], at: number): boolean =>
  /^(?:(?:is|was|are|were|would be|can) (?:(?:the|a|an) )?(?:not|never|wrong|incorrect|false|impossible)|(?:is|was|are|were|ca|wo)n['’]t)\b/.test(
    wordsAt(tokens, at, 3),
  );

/** Returns the token of the bracket that closes the one at `open`. */
function closingAt(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const { text } = tokens[at] as Token;
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0) return at;
  }
  return tokens.length;
}
