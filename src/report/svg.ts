import { visible } from '../rendering/printable.ts';

/** The attributes of an element, in the order in which they are written. Those without a value are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = {
  '\u00a0': '&#160;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** Escapes an untrusted text, without characters that hide or reorder text. */
export const escaped = (text: string): string =>
  visible(text).replace(/[&<>\u00a0]/g, (character) => ESCAPES[character] ?? '');

/** Writes an element. Its content is SVG; attributes may be untrusted. */
export const element = (name: string, attributes: Attributes, content = ''): string => {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${visible(String(value)).replaceAll('"', '&quot;')}"`,
  );
  const opened = `<${name}${written.join('')}`;
  return content === '' ? `${opened} />` : `${opened}>${content}</${name}>`;
};

/** Writes a group; nothing if it is empty. */
export const group = (attributes: Attributes, children: readonly string[]): string =>
  children.length === 0 ? '' : element('g', attributes, children.join(''));

/** Writes what a browser shows near the pointer, if there is anything. */
export const tooltip = (text: string | undefined): string =>
  text === undefined ? '' : element('title', {}, escaped(text));

/** Moves to a point. */
export const moved = (x: number, y: number): string => `translate(${x},${y})`;
