import { withSingleBackslashes } from '../normalizers/reading/latex.ts';
import { rational } from './rational.ts';
import { symbolOf } from './symbols.ts';

/** Commands that only set type. */
const SETS_TYPE =
  /\\(?:(?:left|right|[bB]igg?[lrm]?)(?![a-zA-Z])\.?|(?:display|text)style(?![a-z])|(?:no)?limits(?![a-z])|q?quad(?![a-z])|(?:thin|en)space|hline|newline|angle(?![a-z])|triangle(?![a-z])|(?:color|[hv](?:space|phantom))\*?\s?\{[^{}]*\})/g;

/** Words that announce an answer within its mark. */
const OPENING = /^(\\text\w*\s?\{\s*)?(?:the\s+)?(?:final\s+)?answer\s*(?:is|:)\s*/i;

/** Blanks and marks of LaTeX and Markdown around a formula. A break of a row comes first, so that it is not read as one. */
const AROUND = /\\\\|\\[()[\],;:!> $]|[$~`"\u201c\u201d\u20ac\u00a3\u00a5]/g;

/** A value in decimals behind an exact one: `1/3 (about 0.333)`. */
const ROUNDED =
  /(?<=\S) ?\((?:\\text\w* ?\{)?\s*(?:≈|~|\\(?:approx|simeq|sim)(?![a-z])|about|approx(?:\.|imately)?|roughly)[^()]{1,40}\)(?=[.$\s]*$)/i;

/** What `dy/dx =` names, as `y' =`. */
const DERIVATIVE = /^(?:\\[dt]?frac ?\{ ?d([a-z]) ?\}\{ ?d[a-z] ?\}|d([a-z]) ?\/ ?d[a-z])(?= ?=)/;

/** A probability, a mean or a determinant that is called by its sign, before its value. */
const CALLED =
  /^(?:\\?Pr?|\\?det|\\?Var|\\?Cov|E|\\(?:mathbb|mathrm|text|operatorname)\{(?:P|E|Pr|Var|Cov)\}) ?(?:\\left)?[([][^()[\]]{1,80}[)\]] ?=(?=[^=]*$)/;

/** A sum, a limit or an integral, up to what it comes to: no list, no condition, and nothing in words. */
const WORKED_OUT =
  /^\\(?:i{0,2}int|oint|sum|prod|lim)(?![a-z])(?:\{(?:[^{}]|\{[^{}]*\})*\}|(?!\\(?:text\w*|mbox|[gl](?:eq?|t)|neq?|approx|in)(?![a-z])| (?:if|and|or|where|when|with|for|at) )[^{}=<>≤≥≠≈∈,;])*=/;

/** All numbers but those that follow. */
const ALL_BUT =
  /^(?:\\text ?\{)?all real(?:s| numbers)?(?: x)?,? (?:except|other than)(?: for)?(?: x ?=)? ?\}?(?: ?x ?=)?(?=(?:[^a-z]|and|or)*$)/i;

/** The article of an answer in words. Not the name a of "a times b". */
const ARTICLE =
  /^(\\text\w* ?\{ ?)?(?:an?|the) (?!times|plus|minus|over|divided|squared|cubed)(?=[a-z]{4,}(?: [a-z]{3,})?\}?$)/i;

/** An interval whose open ends are brackets that are turned around: `]2, 5]`. */
const TURNED = /(?<!sqrt ?)([\][])(\s*[^\s,;{}()[\]][^()[\]]{0,80}[,;][^()[\]]{1,80})([\][])/g;

/** A matrix without commas: `[1 2; 3 4]`. */
const BLANKS_IN_ROWS = /^\[[^,()[\]\\]*;[^,()[\]\\]*\]$/;

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
  return withSingleBackslashes(plain)
    .replace(ROUNDED, '')
    .replace(/(?<=\d)(?:\{,\}|,?\\[,!;] ?|\\ |,?[\u2009\u202f])(?=\d{3}(?!\d))/g, '')
    .replace(/(?<=\d)\{,\}(?=\d)/g, '.')
    .replace(/(\d{0,20})\.(\d{0,20})\\overline ?\{(\d{1,9})\}/g, repeatingDecimal)
    .replace(/\\\\ ?\[[^\]]{0,9}(?:pt|em|ex|mm|cm)\]/g, '\\\\')
    .replace(/\\mathbb ?\{?([NZQRC])\}?/g, (_all, letter: string) => symbolOf(letter))
    .replace(/(ℝ ?)-(?= ?\\\{)/g, '$1∖')
    .replace(/\^ ?(?:\{ ?(?:\\circ|°) ?\}|\\circ(?![a-z])|°)/g, '°')
    .replace(/(° ?)[CF](?=[\s$]*(?:$|[,;]|or |and ))/g, '$1')
    .replace(/\{:\}/g, ':')
    .replace(/\\not ?=/g, '≠')
    .replace(/\\overline ?\{([A-Z]{2,3})\}/g, '$1')
    .replace(
      /\{([^{}\\]{1,40})\\(over|choose)(?![a-z])([^{}\\]{1,40})\}/g,
      (_all, a, of, b) => `\\${of === 'over' ? 'frac' : 'binom'}{${a}}{${b}}`,
    )
    .replace(/(?<=\d)(?: x |x)(?=10\^)/g, '·')
    .replace(/\+\/-|(?<=^|\s)\+-(?=\s?\d)/g, '±')
    .replace(/m ?\\angle(?![a-z])|m? ?∠/g, ' ')
    .replace(/^<([^<>]*,[^<>]*)>$/, '⟨$1⟩')
    .replace(/US(?=\\?\$)/g, '')
    .replace(
      /\/ ?(?=(?:hour|hr|minute|min|second|sec|day|week|month|year|person|mile|gallon|kg|lb)s?$)/,
      ' per ',
    )
    .replace(/(?<=[)\]]) ?U ?(?=[([])/g, '∪')
    .replace(/(?<![\\a-z])log(\d{1,2})(?=\()/g, 'log_{$1}')
    .replace(/(?<=\d)(?:st|nd|rd|th)(?![a-z])|(?<=\d ?)\^ ?\{ ?(?:\\text\w* ?\{)?(?:st|nd|rd|th)\}{1,2}/g, '')
    .replace(
      /(?<=[\dπ)}] ?)(?:m\/s|in(?=\.?(?:\^|$)))\.?(?=[^a-z]*$)/g,
      (unit) => `\\text{ ${unit.replace('.', '')}}`,
    )
    .replace(/(\\(?:text\w*|mathrm) ?\{[\s~]*(?:sq(?:uare|\.)? |cu(?:bic|\.)? )?)in\.?(?=\})/g, '$1inch')
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
    .trim()
    .replace(DERIVATIVE, "$1$2'")
    .replace(CALLED, '')
    .replace(WORKED_OUT, '')
    .replace(
      TURNED,
      (_all, left, ends, right) => (left === '[' ? '[' : '(') + ends + (right === ']' ? ']' : ')'),
    )
    .replace(BLANKS_IN_ROWS, (rows) => rows.replace(/(?<=\w) +(?=-?[\w.])/g, ', '))
    .replace(ALL_BUT, 'x ≠ ')
    .replace(ARTICLE, '$1');
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
