/** A period of the calendar. */
export type Period = 'day' | 'month';

/** Returns a function that names the day or the month of a moment in a time zone: `2026-11-30` or `2026-11`. */
export const periodIn = (period: Period, timeZone: string): ((moment: Date) => string) => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (moment) => {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    const month = `${parts.year}-${parts.month}`;
    return period === 'month' ? month : `${month}-${parts.day}`;
  };
};

/** The longest period with its change of clocks, in milliseconds: 32 days. */
const LONGEST_MS = 32 * 24 * 3_600_000;

/** Returns the first moment of the period after that of a moment, to the millisecond. */
export const endOfPeriod = (nameOf: (moment: Date) => string, moment: Date): Date => {
  const name = nameOf(moment);
  let withinMs = moment.getTime();
  let afterMs = withinMs + LONGEST_MS;
  while (afterMs - withinMs > 1) {
    const middleMs = Math.floor((withinMs + afterMs) / 2);
    if (nameOf(new Date(middleMs)) === name) withinMs = middleMs;
    else afterMs = middleMs;
  }
  return new Date(afterMs);
};
