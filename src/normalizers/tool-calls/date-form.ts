/** The longest text that is a date or a time: `the 30th of September, 2031` and some blanks. */
const LONGEST = 40;

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** The number of a month by its name or the first three letters of it; 0 for any other word. */
const monthOf = (word: string): number => {
  const name = word.toLowerCase();
  if (name === 'sept') return 9;
  return MONTHS.findIndex((month) => month === name || month.slice(0, 3) === name) + 1;
};

const two = (digits: string | number): string => String(digits).padStart(2, '0');

const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/;
const MONTH_FIRST = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})$/i;
const DAY_FIRST = /^(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3,9})\.?,? (\d{4})$/i;
const HALF_DAY = /^(0?[1-9]|1[0-2])(?::(\d{2}))?(?::00)?\s*([ap])\.?m\.?$/i;
const WHOLE_DAY = /^(\d{1,2}):(\d{2})(?::00)?$/;

/**
 * Returns a date as `2031-05-04`, a time as `19:00`, and `undefined` for any other text. The order of day and month is not
 * guessed: `05/04/2031` is no date here.
 */
export const dateForm = (text: string): string | undefined =>
  text.length > LONGEST ? undefined : (calendarForm(text) ?? clockForm(text));

const calendarForm = (text: string): string | undefined => {
  const [, isoYear, isoMonth = '', isoDay = ''] = ISO.exec(text) ?? [];
  if (isoYear !== undefined) return `${isoYear}-${two(isoMonth)}-${two(isoDay)}`;
  const monthFirst = MONTH_FIRST.exec(text);
  const [word = '', day = '', year] = monthFirst?.slice(1) ?? [];
  if (monthFirst !== null) return dated(year, word, day);
  const [, ownDay = '', ownWord = '', ownYear] = DAY_FIRST.exec(text) ?? [];
  return ownYear === undefined ? undefined : dated(ownYear, ownWord, ownDay);
};

const dated = (year: string | undefined, word: string, day: string): string | undefined => {
  const month = monthOf(word);
  return month === 0 ? undefined : `${year}-${two(month)}-${two(day)}`;
};

const clockForm = (text: string): string | undefined => {
  const [, hour, minutes = '00', half = ''] = HALF_DAY.exec(text) ?? [];
  if (hour !== undefined)
    return `${two((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0))}:${minutes}`;
  const [, ownHour, ownMinutes] = WHOLE_DAY.exec(text) ?? [];
  return ownHour === undefined ? undefined : `${two(ownHour)}:${ownMinutes}`;
};
