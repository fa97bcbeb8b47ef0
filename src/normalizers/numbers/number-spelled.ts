import { lazily } from '../../domain/lazily.ts';
import type { Token } from './number-token.ts';
import { fillers } from './number-words.ts';

/** The number words below 20, and the tens, with their values. */
export const small = lazily(() =>
  words(
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
    (place) => place,
  ),
);

export const tens = words(
  'twenty thirty forty fifty sixty seventy eighty ninety',
  (place) => 10 * (place + 2),
);

const thousands = words('thousand million billion trillion', (place) => 1000 ** (place + 1));

function words(list: string, toValue: (place: number) => number): ReadonlyMap<string, number> {
  return new Map(list.split(' ').map((word, place) => [word, toValue(place)]));
}

/** Whether a text has an English number word, so that it may be a number without digits. */
export const hasSpelledNumber = (text: string): boolean => SPELLED.test(text);

const SPELLED = new RegExp(
  `\\b(?:${[...small().keys(), ...tens.keys()].join('|')}|an? (?:hundred|${[...thousands.keys()].join('|')}|dozen|half|quarter)|half)\\b`,
  'i',
);

/** Replaces English number words by numbers: "forty-two" by 42, "one hundred and five" by 105, "a hundred" by 100. */
export function withSpelledNumbers(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(isNumberWord)) return tokens;
  const replaced: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const spelled = isNumberWord(token) ? spelledAt(tokens, at) : undefined;
    if (spelled === undefined) replaced.push(token);
    else {
      const last = tokens[spelled.end - 1] ?? token;
      const raw = tokens
        .slice(at, spelled.end)
        .map((word) => word.raw)
        .join(' ');
      replaced.push({ ...token, kind: 'number', text: String(spelled.value), raw, end: last.end });
      at = spelled.end - 1;
    }
  }
  return replaced;
}

/** Whether only words that change nothing are before a token: "a hundred" is a number there, not in "thanks a million". */
export const opensPhrase = (tokens: readonly Token[], at: number): boolean =>
  tokens
    .slice(0, at)
    .every(
      ({ kind, text }) => kind === 'break' || /^[:.≈]$/.test(text) || (kind === 'word' && fillers.has(text)),
    );

const isNumberWord = ({ kind, text }: Token): boolean =>
  kind === 'word' && (small().has(text) || tens.has(text) || text === 'a');

/** Reads as many words as make one number; `undefined` for a "one" that is no number: "one of them". */
function spelledAt(tokens: readonly Token[], start: number): { value: number; end: number } | undefined {
  const isArticle = tokens[start]?.text === 'a';
  if (isArticle && !(isScale(tokens[start + 1]) && opensPhrase(tokens, start))) return undefined;
  let total = 0;
  let part = isArticle ? 1 : 0;
  let end = isArticle ? start + 1 : start;
  for (let at = end; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token;
    if (at > start && isJoint(tokens, at)) continue;
    const digit = small().get(text);
    const thousand = thousands.get(text);
    if (kind !== 'word') break;
    if (digit !== undefined && canAdd(part, digit, end === start)) part += digit;
    else if (tens.has(text) && (part % 100 === 0 || end === start)) part += tens.get(text) ?? 0;
    else if (text === 'hundred' && part > 0 && part < 100) part *= 100;
    else if (thousand !== undefined && part > 0 && (total === 0 || total >= 1000 * thousand)) {
      total += part * thousand;
      part = 0;
    } else break;
    end = at + 1;
  }
  const isPronoun = end === start + 1 && tokens[start]?.text === 'one' && !isAlone(tokens[end]);
  return end === start || isPronoun ? undefined : { value: total + part, end };
}

const isScale = (token: Token | undefined): boolean =>
  token?.kind === 'word' && (token.text === 'hundred' || thousands.has(token.text));

const canAdd = (part: number, digit: number, isFirst: boolean): boolean =>
  isFirst || (digit > 0 && (part % 100 === 0 || (part % 100 >= 20 && part % 10 === 0 && digit < 10)));

/** Whether the hyphen of "forty-two" or the "and" of "one hundred and five" is at `at`. */
function isJoint(tokens: readonly Token[], at: number): boolean {
  const [before, joint, after] = tokens.slice(at - 1, at + 2);
  if (after === undefined || after.text === 'a' || !isNumberWord(after)) return false;
  if (joint?.text === '-') return tens.has(before?.text ?? '') && !after.isSpaced;
  return joint?.text === 'and' && (before?.text === 'hundred' || thousands.has(before?.text ?? ''));
}

/** "One in five" is a ratio. */
const isAlone = (next: Token | undefined): boolean =>
  next === undefined || next.kind === 'break' || /^(?:[.!)\]]|in|out)$/.test(next.text);
