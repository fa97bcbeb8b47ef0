import { lazily } from '../../domain/lazily.ts';
import { isApproved } from './option-label.ts';
import type { Mention } from './option-mentions.ts';

/** Matches what sets off an option, and says nothing. */
export const isDecoration = lazily(() => /^[\s\p{P}\p{S}]*$/u);

/** Whether a text opens with an option that is its answer, not the first of the options that it goes through. */
export function opensText<Option extends string>(
  text: string,
  mentions: readonly Mention<Option>[],
): boolean {
  const [first] = mentions;
  if (first === undefined || first.isDenied) return false;
  if (!OPENER().test(text.slice(0, first.at))) return false;
  const after = text.slice(first.end, first.end + 60);
  return OPENED().test(after) || isApproved(text, first.end);
}

export const isAsListed = (text: string, mention?: Mention<string>): boolean =>
  mention !== undefined && (mention.option.length > 1 || text.startsWith(mention.option, mention.at));

/** What may come before an option that opens a text. */
const OPENER = lazily(
  () =>
    /^[\s\p{P}\p{S}]*(?:(?:so|therefore|thus|definitely|probably|clearly|obviously|most likely|likely|the|my|i|i'd|it's|it is|that's|would|think|say|guess|choose|pick|vote|go with|going with|for|option|choice|answer|letter|label|class|category|sentiment|verdict|prediction|final|correct|best|right|is)[\s\p{P}\p{S}]+)*$/iu,
);

/** What follows an option that opens a text: the end of a clause or a reason. */
const OPENED = lazily(
  () =>
    /^[)\]}*_"'\u201d\u2019\u00bb`$]*(?:$|[\r\n.,:;!)(\u2013\u2014\u3002\u3001]|\s*[-\u2013\u2014(\r\n]|\s+(?:because|since|as|due|rather|over|instead|not|weil|denn|car|parce|porque|perché|потому|так)(?![\p{L}\p{N}]))/iu,
);

/** Whether a text goes through the options: each heads its line, or the next letter follows in the same line. */
export function isEnumeration(text: string, [first, ...others]: readonly Mention<string>[]): boolean {
  if (first === undefined || !OPENER().test(text.slice(0, first.at))) return false;
  if (!HEADING.test(text.slice(first.end, first.end + 60))) return false;
  const code = text.charCodeAt(first.at);
  const next = INLINE_HEADING().exec(text.slice(first.end + 1));
  if (next !== null && first.option.length === 1 && next[1]?.charCodeAt(0) === code + 1) return true;
  return others.some((other) => other.option !== first.option && isHeading(text, other));
}

const INLINE_HEADING = lazily(() => /[\s,;][*_]*\(?([\p{Lu}\p{Ll}\p{Nd}])[).:]\s/u);

/** What makes an option the heading of what follows on its line. */
const HEADING = /^[)\]*_"]*\s*[.):\u2013\u2014-][*_]*[^\S\r\n]+\S/;

export function isHeading(text: string, mention: Mention<string> | undefined, shift = 0): boolean {
  if (mention === undefined) return false;
  const [at, end] = [mention.at + shift, mention.end + shift];
  return (
    /[\r\n][\s>*_#([-]*$/.test(text.slice(Math.max(0, at - 12), at)) &&
    HEADING.test(text.slice(end, end + 12))
  );
}

/** Whether a line is nothing but an option. */
export function isAlone(line: string, mentions: readonly Mention<string>[]): boolean {
  const [first] = mentions;
  if (first === undefined || mentions.length > 1 || first.isDenied) return false;
  return OPENER().test(line.slice(0, first.at)) && isDecoration().test(line.slice(first.end));
}
