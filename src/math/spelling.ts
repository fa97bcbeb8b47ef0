import { rational } from './rational.ts';

/** Commands that only set type. */
const SETS_TYPE =
  /\\(?:(?:left|right|[bB]igg?[lrm]?)(?![a-zA-Z])\.?|(?:display|text)style(?![a-z])|(?:no)?limits(?![a-z])|q?quad(?![a-z])|(?:thin|en)space|hline|newline|angle(?![a-z])|triangle(?![a-z])|(?:color|[hv](?:space|phantom))\*?\s?\{[^{}]*\})/g;

/** Words that announce an answer within its mark. */
const OPENING = /^(\\text\w*\s?\{\s*)?(?:the\s+)?(?:final\s+)?answer\s*(?:is|:)\s*/i;

/** Blanks and marks of LaTeX and Markdown around a formula. A break of a row comes first, so that it is not read as one. */
const AROUND = /\\\\|\\[()[\],;:!> $]|[$~`"\u201c\u201d\u20ac\u00a3\u00a5]/g;

/** The sets of numbers. */
const NUMBERS: Readonly<Record<string, string>> = { N: 'ℕ', Z: 'ℤ', Q: 'ℚ', R: 'ℝ', C: 'ℂ' };

/**
 * Returns an answer in one spelling: without the marks of formulas and of emphasis, without commands that only set type, and
 * with its digits joined. Takes time in proportion to the length.
 */
export function inOneSpelling(text: string): string {
  const plain = text
    .replace(/[\u2070-\u207f\u00b9\u00b2\u00b3]+/g, (raised) => `^{${withoutForm(raised)}}`)
    .replace(/[\u2080-\u208e]+/g, (lowered) => `_{${withoutForm(lowered)}}`)
    .replace(/[\u00bc-\u00be\u2150-\u215e]/g, (fraction) =>
      withoutForm(fraction).replace(/(\d+)\u2044(\d+)/, '\\frac{$1}{$2}'),
    )
    .replace(/[\u221b\u221c]/g, (root) => `\\sqrt[${root === '\u221b' ? 3 : 4}]`)
    .replace(/[\u{1d400}-\u{1d7ff}]/gu, withoutForm);
  const unescaped = plain.includes('\\begin')
    ? plain
    : plain.replace(/(?<!\\)\\\\+(?=[a-zA-Z{}()[\]%$!,;:])/g, '\\');
  return unescaped
    .replace(/(?<=\d)(?:\{,\}|,?\\[,!] ?|,?[\u2009\u202f])(?=\d{3}(?!\d))/g, '')
    .replace(/(?<=\d)\{,\}(?=\d)/g, '.')
    .replace(/(\d{0,20})\.(\d{0,20})\\overline ?\{(\d{1,9})\}/g, repeatingDecimal)
    .replace(/\\\\ ?\[[^\]]{0,9}(?:pt|em|ex|mm|cm)\]/g, '\\\\')
    .replace(/\\mathbb ?\{?([NZQRC])\}?/g, (_all, letter: string) => NUMBERS[letter] ?? letter)
    .replace(/(ℝ ?)-(?= ?\\\{)/g, '$1∖')
    .replace(/\{:\}/g, ':')
    .replace(/\\not ?=/g, '≠')
    .replace(/\\overline ?\{([A-Z]{2,3})\}/g, '$1')
    .replace(
      /\{([^{}\\]{1,40})\\(over|choose)(?![a-z])([^{}\\]{1,40})\}/g,
      (_all, a, of, b) => `\\${of === 'over' ? 'frac' : 'binom'}{${a}}{${b}}`,
    )
    .replace(/(?<=\d) x (?=10\^)/g, '·')
    .replace(/\\left ?\||\\lvert(?![a-z])/g, ' \u27e6 ')
    .replace(/\\right ?\||\\rvert(?![a-z])/g, ' \u27e7 ')
    .replace(SETS_TYPE, ' ')
    .replace(AROUND, (mark) => (mark === '\\\\' ? mark : ' '))
    .replace(/(?<=[\w)}\]] ?)\*\*(?= ?[-\w({\\])/g, '^')
    .replace(/\*\*|__/g, ' ')
    .replace(/\b([ap])\.\s?m\b\.?/gi, '$1m')
    .replace(/^['\u2018]+(?=[-\d(\\])|(?<=[\d)}])['\u2019]+(?=\s*$)/g, '')
    .replace(/(?<!\.)\.\s*$/, '')
    .replace(/^([^{]*)\}$/, '$1')
    .replace(OPENING, '$1')
    .trim();
}

/** Returns characters as they are written on the line: `²` as `2`. */
const withoutForm = (characters: string): string => characters.normalize('NFKC').replaceAll('\u2212', '-');

/** Returns a decimal with digits that repeat for ever as a fraction. */
const repeatingDecimal = (_all: string, whole: string, decimals: string, period: string): string => {
  const shift = 10n ** BigInt(decimals.length);
  const { over, under } = rational(
    BigInt(whole + decimals + period) - BigInt(whole + decimals),
    shift * (10n ** BigInt(period.length) - 1n),
  );
  return `\\frac{${over}}{${under}}`;
};
