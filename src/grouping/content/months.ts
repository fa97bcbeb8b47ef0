/** In capitals, because "may" is another word. */
export const monthNames =
  'January February March April May June July August September October November December'.split(' ');

const names = monthNames.map((name) => name.toLowerCase());

const months = new Map<string, string>([
  ...names.flatMap((name) => [[name, name] as const, [name.slice(0, 3), name] as const]),
  ['sept', 'september'],
]);

/** Returns the month that a word names. In lower case, "may", "mar" and other short words are no months. */
export const monthOf = (raw: string): string | undefined => {
  const month = months.get(raw.toLowerCase());
  return month !== undefined && (/^\p{Lu}/u.test(raw) || (raw.length > 3 && raw !== 'march'))
    ? month
    : undefined;
};
