/**
 * Signs that tell texts of the same words apart: comparisons, operators between single letters or numbers, and those that are a
 * part of a name, as in C# and A−. Signs of markup do not count.
 */
const signs =
  /[<>]=|!=|[≤≥≠]|(?<![-=\n<])(?<=\S\s?)[<>](?=\s?[\w(])|(?<=\S )=(?= \S)|(?<=(?:^|[\s(])\w{1,3} ?)[+*/^](?= ?\w{1,3}(?:$|[\s).,]))|(?<=(?:^|[\s(])\w )-(?= \w(?:$|[\s).,]))|(?<=(?:^|\s)[A-Z])(?:#|\+\+?|-)(?=$|[\s.,;)])/g;

/** Returns the signs of a text that tell texts of the same words apart, in their order. */
export const signsOf = (text: string): string =>
  HAS_SIGN.test(text) ? (text.match(signs) ?? []).join(' ') : '';

/** As few texts do. */
const HAS_SIGN = /[<>=≤≥≠+*/^#-]/;
