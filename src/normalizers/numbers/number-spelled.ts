import type { Token } from './number-token.ts';

const small = words(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  (place) => place,
);

const tens = words('twenty thirty forty fifty sixty seventy eighty ninety', (place) => 10 * (place + 2));

const thousands = words('thousand million billion', (place) => 1000 ** (place + 1));

function words(list: string, toValue: (place: number) => number): ReadonlyMap<string, number> {
  return new Map(list.split(' ').map((word, place) => [word, toValue(place)]));
}

/** Whether a text has an English number word, so that it may be a number without digits. */
export const hasSpelledNumber = (text: string): boolean => SPELLED.test(text);

const SPELLED = new RegExp(`\\b(?:${[...small.keys(), ...tens.keys()].join('|')})\\b`, 'i');

/** Replaces English number words by numbers: "forty-two" by 42, "one hundred and five" by 105. */
export function withSpelledNumbers(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(isNumberWord)) return tokens;
  const replaced: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const spelled = isNumberWord(token) ? spelledAt(tokens, at) : undefined;
    if (spelled === undefined) replaced.push(token);
    else {
      const end = tokens[spelled.end - 1]?.end ?? token.end;
      replaced.push({ ...token, kind: 'number', text: String(spelled.value), end });
      at = spelled.end - 1;
    }
  }
  return replaced;
}

const isNumberWord = ({ kind, text }: Token): boolean =>
  kind === 'word' && (small.has(text) || tens.has(text));

/** Reads as many words as make one number; `undefined` for a "one" that is no number: "one of them". */
function spelledAt(tokens: readonly Token[], start: number): { value: number; end: number } | undefined {
  let total = 0;
  let part = 0;
  let end = start;
  for (let at = start; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token;
    if (at > start && isJoint(tokens, at)) continue;
    const digit = small.get(text);
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

const canAdd = (part: number, digit: number, isFirst: boolean): boolean =>
  isFirst || (digit > 0 && (part % 100 === 0 || (part % 100 >= 20 && part % 10 === 0 && digit < 10)));

/** Whether the hyphen of "forty-two" or the "and" of "one hundred and five" is at `at`. */
function isJoint(tokens: readonly Token[], at: number): boolean {
  const [before, joint, after] = tokens.slice(at - 1, at + 2);
  if (after === undefined || !isNumberWord(after)) return false;
  if (joint?.text === '-') return tens.has(before?.text ?? '') && !after.isSpaced;
  return joint?.text === 'and' && (before?.text === 'hundred' || thousands.has(before?.text ?? ''));
}

const isAlone = (next: Token | undefined): boolean =>
  next === undefined || next.kind === 'break' || /^[.!)\]]$/.test(next.text);
