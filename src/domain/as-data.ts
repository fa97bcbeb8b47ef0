/** A number behind the name of a tag, as {@link asData} writes it. */
const MARKS = /-(\d{1,9})>/g;

/**
 * Returns a text between two tags, as data for a model. The tags have a number that no tag within the text has, so that the
 * text cannot close them. The text is not changed.
 *
 * @param name the name of the tags: letters, digits and blanks.
 */
export const asData = (name: string, text: string): string => {
  let mark = 1;
  for (const [, number] of text.matchAll(MARKS)) mark = Math.max(mark, Number(number) + 1);
  const tag = `${name.replaceAll(' ', '-')}-${mark}`;
  return `<${tag}>\n${text}\n</${tag}>`;
};
