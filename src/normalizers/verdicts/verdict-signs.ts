import { lazily } from '../../domain/lazily.ts';
import { CHECKS, CROSSES } from '../reading/negation.ts';
import { BOTH, NO, type Side, YES } from './verdict-words.ts';

/** The signs that say yes and no. */
const yes = new RegExp(`[${CHECKS}\\u{1f44d}\\u{1f197}]`, 'u');

const SIGN = new RegExp(`${yes.source}|[${CROSSES}\\u{1f44e}]`, 'u');

/** A sign at the beginning or at the end, with its variant, its skin and emphasis. */
const EDGES = new RegExp(
  `^[\\s*_\`"'(]*(${SIGN.source})[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]?|(${SIGN.source})[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]?[\\s*_\`"').!]*$`,
  'gu',
);

const hasWords = lazily(() => /[\p{L}\p{N}]/u);

/** Returns what `✅` and `❌` around a text say, and the text without them; `undefined` if it has none. */
export function signed(text: string): { readonly side: Side; readonly rest: string } | undefined {
  if (!SIGN.test(text)) return undefined;
  let side = 0;
  const rest = text.replace(EDGES, (_all, first: string | undefined, last: string | undefined) => {
    side |= yes.test(first ?? last ?? '') ? YES : NO;
    return '';
  });
  return side === 0 ? undefined : { side: side as Side, rest };
}

/** Returns what a text with signs says: the words count, unless the signs contradict them. */
export const sideWithSigns = (sign: Side, rest: string, said: Side | undefined): Side | undefined => {
  if (!hasWords().test(rest)) return sign;
  return said === undefined ? undefined : said === sign ? said : BOTH;
};
