/** LaTeX as plain text, for all normalizers. */

/** The commands that set the type of the text in their braces. */
export const TYPE_COMMANDS =
  'text textbf textit textrm textsf texttt mathrm mathbf mathit mathsf mathbb mathtt mbox hbox emph boldsymbol bm pmb operatorname'.split(
    ' ',
  );

const TYPE_COMMAND = `\\\\(?:${TYPE_COMMANDS.join('|')})\\s?`;

/** The command of a text in braces, up to its brace. */
export const TYPE_OPENING = new RegExp(`${TYPE_COMMAND}\\{`, 'y');

const TYPE_GROUP = new RegExp(`${TYPE_COMMAND}\\{([^{}\\\\]{0,200})\\}`, 'g');

const FRACTION = '\\\\[dtc]?frac\\s*(?:\\{([^{}]{0,40})\\}|(\\d))\\s*(?:\\{([^{}]{0,40})\\}|(\\d))';

/** A fraction: its dividend is the first or the second group, its divisor the third or the fourth. */
export const LATEX_FRACTION = new RegExp(FRACTION, 'y');

const FRACTIONS = new RegExp(FRACTION, 'g');

const isPlainNumber = /^-?[\d.,]+$/;

/** `{1 \over 2}`, or `1 \over 2` as the whole. */
const OVER =
  /\{([^{}\\]{1,40})\\over(?![a-z])([^{}\\]{1,40})\}|^([^{}\\]{1,40})\\over(?![a-z])([^{}\\]{1,40})$/g;

const isLatex = (text: string): boolean => text.includes('\\') || text.includes('{,}');

/**
 * Returns a text with the blanks of LaTeX as plain ones, without the braces around a comma that separates thousands, and with
 * the fractions of TeX as those of LaTeX.
 */
export function withPlainBlanks(text: string): string {
  if (!isLatex(text)) return text;
  const fractions = text.includes('\\over')
    ? text.replace(OVER, (_all, a, b, c, d) => `\\frac{${(a ?? c).trim()}}{${(b ?? d).trim()}}`)
    : text;
  return fractions
    .replace(/\{,\}|\\![ ]*/g, (thin) => (thin === '{,}' ? ',' : ''))
    .replace(/\\(?:[,;:> ]|(?:q?quad|thinspace|enspace)(?![a-z]))|(?<=[\w}])~(?=\\)/g, ' ');
}

/** Returns LaTeX that was escaped twice, as in JSON within JSON, with single backslashes. In a matrix, two of them end a row. */
export const withSingleBackslashes = (text: string): string =>
  text.includes('\\begin') ? text : text.replace(/(?<!\\)\\{2,}(?=[a-zA-Z{}()[\]%$!,;:])/g, '\\');

/** A longer field is prose. */
const LONGEST = 1_000;

/**
 * Returns the content of a marked answer without its LaTeX: `\frac{1}{2}` becomes `1/2`, `\text{…}` its content, and `\$`,
 * `\%`, `{,}` and thin spaces the characters that they show. Other commands stay.
 */
export function plainField(content: string): string {
  if (content.length > LONGEST || !isLatex(content)) return content;
  return withPlainBlanks(content)
    .replace(FRACTIONS, (written, a, b, c, d) =>
      isPlainNumber.test(a ?? b) && isPlainNumber.test(c ?? d) ? ` ${a ?? b}/${c ?? d} ` : written,
    )
    .replace(TYPE_GROUP, ' $1 ')
    .replace(/\\(?:left|right)(?![a-z])/gi, '')
    .replace(/\\times(?![a-z])/g, '×')
    .replace(/\\cdot(?![a-z])/g, '·')
    .replace(/~/g, ' ')
    .replace(/\\([$%#&_{}])/g, '$1');
}
