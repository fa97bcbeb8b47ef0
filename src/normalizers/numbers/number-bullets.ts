import { OPAQUE } from './number-marks.ts';
import type { Token } from './number-token.ts';

/**
 * Returns tokens without the dashes of lists: a dash that opens a line before an amount or before things that are
 * counted (`- $12`, `- 5 apples`). Before any other number it may as well be a minus sign, and becomes opaque.
 */
export const withoutBullets = (tokens: readonly Token[], opensLine: boolean): readonly Token[] =>
  tokens.flatMap((token, at) => {
    const isFirst = at === 0 ? opensLine : tokens[at - 1]?.kind === 'break';
    const [next, after] = tokens.slice(at + 1, at + 3);
    if (!isFirst || !/^[-–]$/.test(token.text) || next?.isSpaced !== true) return [token];
    if (next.kind !== 'number') return next.kind === 'mark' && next.text !== '$' ? [token] : [];
    const isCounted =
      after?.kind === 'word' && after.isSpaced && after.text.length > 2 && !after.text.startsWith('degree');
    return isCounted ? [] : [{ ...token, text: OPAQUE }];
  });
