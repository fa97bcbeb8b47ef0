import type { NumberReading } from './number-calculation.ts';
import { partOf } from './number-clause.ts';
import { changedBefore, negationBefore } from './number-prose.ts';
import { citationEnd } from './number-sentence.ts';
import type { Token } from './number-token.ts';
import type { Phrase } from './number-tokens.ts';
import { fillers, functions, labels, negatives, numberWords, unspacedNegative } from './number-words.ts';
import { isCurrency, isNumber, quantityAt } from './quantity.ts';

/** Reads the only quantity of prose: "Alice has 5 apples left." Numbers that are denied do not count. */
export function readMention({ text, tokens }: Phrase): NumberReading {
  let found: number | undefined;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    if (token.text === '[') at = citationEnd(tokens, at) ?? at;
    if (!isNumber(tokens[at])) continue;
    const start = quantityStart(tokens, at);
    const quantity = quantityAt(tokens, start);
    if (quantity === undefined) return { why: 'its sign is not clear' };
    const before = text.slice(tokens[clauseStart(tokens, start)]?.start ?? 0, tokens[start]?.start);
    if (!negationBefore().test(before)) {
      const { value, why = nounBefore(tokens, start) ?? changedBefore(before) } = quantity;
      if (value === undefined || why !== undefined) return { why: why ?? '' };
      const part = partOf(tokens, quantity.end, value);
      if (part !== undefined) return { why: part };
      if (found !== undefined && found !== value) return { why: 'it has several numbers' };
      found = value;
    }
    at = quantity.end - 1;
  }
  return found === undefined ? undefined : { value: found };
}

/** Returns the token with which the quantity of the number at `at` begins: its sign, its currency, `≈`. */
function quantityStart(tokens: readonly Token[], at: number): number {
  let start = at;
  while (belongsToQuantity(tokens, start - 1)) start--;
  return start;
}

function belongsToQuantity(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  const { kind, text } = token;
  // "au moins 5" is a bound.
  if (kind === 'word')
    return (
      (negatives.has(text) && !/^(?:au|al|lo|ou|o|du|não|no)$/.test(tokens[at - 1]?.text ?? '')) ||
      isCurrency(token)
    );
  if (kind === 'unspaced') return unspacedNegative.test(text);
  return /^[$≈~([]$/.test(text) || (/^[-+–]$/.test(text) && isSign(tokens, at));
}

/** Whether a `+` or `-` at `at` signs a number: not that of `n + 1` or `n -1`. */
function isSign(tokens: readonly Token[], at: number): boolean {
  const [before, sign, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (before === undefined || /^[:=,;(.\n≈]$/.test(before.text)) return true;
  return (
    before.kind === 'word' && before.text.length > 1 && sign?.isSpaced === true && next?.isSpaced === false
  );
}

const clauseMarks = new Set([
  ',',
  ';',
  ':',
  '.',
  '?',
  '!',
  '\n',
  '(',
  '⇒',
  'but',
  'sondern',
  'sino',
  'mas',
  'ma',
  'mais',
]);

function clauseStart(tokens: readonly Token[], start: number): number {
  const mark = tokens.findLastIndex(({ text }, at) => at < start && clauseMarks.has(text));
  return mark + 1;
}

/** Returns the reason if the token before a quantity makes it a part of something: `√2`, `log 8`, "Step 2", "3 or 4". */
function nounBefore(tokens: readonly Token[], start: number): string | undefined {
  const before = tokens[start - 1];
  const first = tokens[start];
  if (before === undefined || before.kind === 'break') return undefined;
  const { kind, text, raw } = before;
  const earlier = tokens[start - 2]?.text ?? '';
  if (
    (text === 'of' && (functions.has(earlier) || numberWords.has(earlier) || earlier === 'one')) ||
    (text === '.' && labels.has(earlier))
  )
    return `"${earlier} ${text}" stands before it`;
  if (kind === 'mark')
    return /^[:,.;(…=]$/.test(text) && !(text === '.' && first?.isSpaced === false)
      ? undefined
      : 'it is a part of an expression';
  if (kind === 'power' || kind === 'name' || isNumber(before)) return 'it is a part of an expression';
  if (kind !== 'word') return undefined;
  if (first?.text === '(' && !first.isSpaced) return 'it is the argument of a function';
  if (functions.has(text) || operands.has(text) || numberWords.has(text)) return `"${raw}" stands before it`;
  if (labels.has(text) || (/^\p{Lu}/u.test(raw) && !fillers.has(text))) return 'it is a part of a name';
  return undefined;
}

/** Words between two numbers of which the second one is not the whole. */
const operands = new Set(
  'or and past plus times by than per every each to und oder et ou y o e и или mal fois por bis'.split(' '),
);
