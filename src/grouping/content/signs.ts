/**
 * Signs that tell texts of the same words apart: comparisons, operators between single letters or numbers, and those that are a
 * part of a name, as in C# and A−. Signs of markup do not count.
 */
const signs =
  /[<>]=|!=|[≤≥≠]|(?<![-=\n<])(?<=\S\s?)[<>](?=\s?[\w(])|(?<=\S )=(?= \S)|(?<=(?:^|[\s(])\w{1,3} ?)[+*/^](?= ?\w{1,3}(?:$|[\s).,]))|(?<=(?:^|[\s(])\w )-(?= \w(?:$|[\s).,]))|(?<=(?:^|\s)[A-Z])(?:#|\+\+?|-)(?=$|[\s.,;)])/g;

/** What a program costs, as in O(n log n) and O(n^2). */
const orders = /(?<![\p{L}\d])[O\u0398\u03a9]\((?:[^()]|\([^()]*\)){1,40}\)/gu;

const NAMES_COST = /[O\u0398\u03a9]\(/;

/** Returns a text that names costs of programs with its powers on the line: O(n²) as O(n^2). */
export const withPlainPowers = (text: string): string =>
  NAMES_COST.test(text) ? text.replace(/[\u00b2\u00b3]/g, (power) => `^${power.normalize('NFKD')}`) : text;

/** Returns the costs of programs that a text names, in one spelling. */
export const ordersOf = (text: string): readonly string[] =>
  (NAMES_COST.test(text) ? (text.match(orders) ?? none) : none).map((order) =>
    order
      .slice(2, -1)
      .normalize('NFKD')
      .replaceAll('**', '^')
      .replace(/[\s()*\u00b7^]/g, '')
      .toLowerCase(),
  );

const none: readonly string[] = [];

/** Returns the signs of a text that tell texts of the same words apart, in their order. */
export const signsOf = (text: string): string =>
  HAS_SIGN.test(text) ? (text.match(signs) ?? []).join(' ') : '';

/** As few texts do: a hyphen within a word is no sign. */
const HAS_SIGN = /[<>=≤≥≠+*/^#]|(?<![\p{L}\d]{2})-(?![\p{L}\d]{2})/u;
