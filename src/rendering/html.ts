import { unprintable } from './printable.ts';

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

/** What can stand in {@link html}: a text is escaped, `undefined` is nothing. */
export type HtmlValue = string | number | Html | readonly Html[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text of others as HTML that shows it and does nothing: markup escaped, what reorders or hides text replaced. */
const escaped = (text: string): string =>
  text
    .replace(unprintable, (character) => (/[\n\t]/.test(character) ? character : '\ufffd'))
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const toText = (value: HtmlValue): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
};

/** HTML as a template, in which everything that is no HTML is escaped, in texts and in quoted attributes alike. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
  html: strings.reduce((text, string, index) => `${text}${toText(values[index - 1])}${string}`),
});
