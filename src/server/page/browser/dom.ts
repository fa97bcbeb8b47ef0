import { visible } from '../../../rendering/printable.ts';

/** Returns an element of the page by its id. */
export const byId = <E extends HTMLElement = HTMLElement>(id: string): E => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`there is no element #${id}`);
  return found as E;
};

type Child = Node | string;

/** Creates an element with attributes and children. Strings become text, which is only ever set as text. */
export const create = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children.map((child) => (typeof child === 'string' ? visible(child) : child)));
  return element;
};

/** Shows or hides an element. */
export const show = (id: string, isShown: boolean): void => {
  byId(id).hidden = !isShown;
};

/** Changes the text of an element only if it is another one, so that screen readers repeat nothing. */
export const setText = (element: Element, text: string): void => {
  const shown = visible(text);
  if (element.textContent !== shown) element.textContent = shown;
};
