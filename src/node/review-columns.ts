/** The columns of a file of reviews. */
export const ID_COLUMN = 'id';
export const REVIEWER_COLUMN = 'reviewer';

/** A text that a spreadsheet would read as a formula (OWASP, "CSV Injection"), with any apostrophes before it. */
const FORMULA = /^'*(?=[=+\-@\t\r\n\0])/;

/** Puts an apostrophe before a text that is like a formula. */
export const escaped = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Removes the apostrophe of {@link escaped}. */
export const unescaped = (text: string): string =>
  FORMULA.test(text) && text.startsWith("'") ? text.slice(1) : text;
