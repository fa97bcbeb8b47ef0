import { lazily } from '../../domain/lazily.ts';
import { BOTH, type Side, sideOf } from './verdict-words.ts';

/** How much of the end of a text is searched for brackets. */
const END = 4_000;

const MARK = lazily(() => /\[([^[\]\n]{1,24})\]|\*\*([^*\n]{1,24})\*\*(?! ?[\p{Ll}\p{N}])/gu);

/** "[Yes] or [No]", "[Yes]/[No]": the question again. */
const ALTERNATIVE = /\s*(?:or|and|\/|\|)\s*["']?(?:\[|\*\*)/iy;

/**
 * Returns the yes or no that a text marks by brackets or emphasis: the one that opens the text, else the one that all
 * marks agree on.
 */
export function bracketedVerdict(text: string): Side | undefined {
  if (!text.includes('[') && !text.includes('**')) return undefined;
  const end = text.length > END ? text.slice(-END) : text;
  return verdictAtStart(text) ?? agreed(end);
}

function verdictAtStart(text: string): Side | undefined {
  MARK().lastIndex = 0;
  const match = MARK().exec(text.slice(0, 40));
  return match?.index === 0 && !isAlternative(text, MARK().lastIndex) ? sideOfMark(match) : undefined;
}

function agreed(text: string): Side | undefined {
  let side: Side | undefined;
  let isAlternate = false;
  MARK().lastIndex = 0;
  for (let match = MARK().exec(text); match !== null && side !== BOTH; match = MARK().exec(text)) {
    const end = MARK().lastIndex;
    const wasAlternate = isAlternate;
    isAlternate = isAlternative(text, end);
    MARK().lastIndex = end;
    const found = wasAlternate || isAlternate ? undefined : sideOfMark(match);
    if (found !== undefined) side = ((side ?? 0) | found) as Side;
  }
  return side;
}

function isAlternative(text: string, at: number): boolean {
  ALTERNATIVE.lastIndex = at;
  return ALTERNATIVE.test(text);
}

const sideOfMark = ([, bracketed, emphasized]: RegExpExecArray): Side | undefined =>
  sideOf((bracketed ?? emphasized ?? '').trim().replace(/[.!]$/, '').toLowerCase());
