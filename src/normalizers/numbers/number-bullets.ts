import { OPAQUE } from './number-marks.ts';
import type { Token } from './number-token.ts';

/**
 * Returns tokens without the dashes of lists: a dash that opens a line before an amount or before things that are
 * counted (`- $12`, `- 5 apples`). Before any other number it may as well be a minus sign, and becomes opaque.
 */
export const withoutBullets = (tokens: readonly Token[], opensLine: boolean): readonly Token[] =>
  tokens.flatMap((token, at) => {
    const isFirst = at === 0 ? opensLine : tokens[at - 1]?.kind === 'break';
    const next = isFirst && (token.text === '-' || token.text === '–') ? tokens[at + 1] : undefined;
    if (next?.isSpaced !== true) return [token];
    if (next.kind !== 'number') return next.kind === 'mark' && next.text !== '$' ? [token] : [];
    const after = tokens[at + 2];
    const isCounted =
      after?.kind === 'word' && after.isSpaced && after.text.length > 2 && !after.text.startsWith('degree');
    return isCounted ? [] : [{ ...token, text: OPAQUE }];
  });
