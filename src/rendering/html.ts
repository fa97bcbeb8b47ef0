import { visible } from './printable.ts';

/** Text that is HTML, and is not escaped again. */
export interface Html {
  readonly html: string;
}

/** A value in {@link html}: a text is escaped, `undefined` is left out. */
export type HtmlValue = string | number | Html | readonly Html[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes an untrusted text: markup is shown as text, and characters that reorder or hide text are replaced. */
const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const toText = (value: HtmlValue): string => {
  if (value === undefined) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
};

/** Renders a template as HTML. Values that are not {@link Html} are escaped, for texts and for quoted attributes. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
  html: strings.reduce((text, string, index) => `${text}${toText(values[index - 1])}${string}`),
});
