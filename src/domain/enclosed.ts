/** The less-than sign, and the wide and the small one that look like it. */
const OPENING = /[<＜﹤]/g;

/**
 * Returns a text of a model or a caller between the tags of a name, for a prompt in which it is data. It can neither close its tag
 * nor open another one: each `<` in it is written as `&lt;`.
 */
export const enclosed = (name: string, text: string): string =>
  `<${name}>\n${text.replaceAll(OPENING, '&lt;')}\n</${name}>`;
