/** A longer field is prose. */
const LONGEST = 1_000;

/** Returns the content of a marked answer without its LaTeX. */
export const plainField = (content: string): string =>
  content.length > LONGEST ? content : plainLatex(content);

/**
 * Returns a LaTeX answer as plain text: `\frac{1}{2}` becomes `1/2`, `\text{…}` its content, and `\$`, `\%`, `{,}` and
 * thin spaces the characters that they show. Other commands stay.
 */
function plainLatex(text: string): string {
  if (!text.includes('\\') && !text.includes('{,}')) return text;
  return text
    .replace(
      /\\[dt]?frac ?(?:\{(-?[\d.,]{1,40})\}\{([\d.,]{1,40})\}|(\d)(\d))/g,
      (_all, a, b, c, d) => ` ${a ?? c}/${b ?? d} `,
    )
    .replace(/\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox|operatorname) ?\{([^{}\\]{0,200})\}/g, ' $1 ')
    .replace(/\{,\}|,\\!/g, ',')
    .replace(/\\(?:left|right)(?![a-z])|\\!/gi, '')
    .replace(/\\times(?![a-z])/g, '×')
    .replace(/\\cdot(?![a-z])/g, '·')
    .replace(/\\[,;: ]|~/g, ' ')
    .replace(/\\([$%#&_{}])/g, '$1');
}
