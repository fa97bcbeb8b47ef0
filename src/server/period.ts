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
