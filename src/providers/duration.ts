/** The units of durations, in milliseconds, by all names that servers write. */
const UNITS_MS: ReadonlyMap<string, number> = new Map(
  (
    [
      [1e-6, 'ns nanos nanosecond nanoseconds'],
      [1e-3, 'us µs μs micros microsecond microseconds'],
      [1, 'ms msec msecs millis millisecond milliseconds'],
      [1000, 's sec secs second seconds'],
      [60_000, 'm min mins minute minutes'],
      [3_600_000, 'h hr hrs hour hours'],
      [86_400_000, 'd day days'],
      [604_800_000, 'w week weeks'],
    ] as const
  ).flatMap(([ms, names]) => names.split(' ').map((name) => [name, ms] as const)),
);

/** A number and a word behind it, such as `1,200 seconds`, with what may stand between two of them. */
const PART =
  /(?:(?:\s{0,3},)?\s{0,3}(?:and\s{1,3})?)?(\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,20})?|\d{1,100}(?:\.\d{1,20})?)\s{0,3}([a-zµμ]{1,12})(?![a-zµμ_])/iy;

/**
 * Reads a duration that stands at an index of a text: numbers with units, the largest unit first, such as
 * `1h2m3.5s`, `20 sec` or `2 minutes and 30 seconds`. Returns its milliseconds, `NaN` for another text, and the index
 * behind it.
 */
export const durationAt = (text: string, index: number): { readonly ms: number; readonly end: number } => {
  let ms = Number.NaN;
  let end = index;
  let largestMs = Number.POSITIVE_INFINITY;
  for (;;) {
    PART.lastIndex = end;
    const [part = '', count = '', unit = ''] = PART.exec(text) ?? [];
    const unitMs = UNITS_MS.get(unit.toLowerCase());
    if (unitMs === undefined || unitMs >= largestMs) return { ms, end };
    ms = (end === index ? 0 : ms) + Number(count.replaceAll(',', '')) * unitMs;
    end += part.length;
    largestMs = unitMs;
  }
};

/** Matches a duration of ISO 8601, without months and years, which have no fixed length. */
const ISO = /^p([\d.dw]{0,40})(?:t([\d.hms]{1,60}))?$/i;

/** Matches hours, minutes and seconds as a clock shows them. */
const CLOCK = /^(\d{1,6}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)$/;

/** Returns the milliseconds of a text that is a duration, such as `6m0s`, `PT30S` or `00:00:30`; `NaN` for others. */
export const durationMs = (text: string): number => {
  const trimmed = text.trim().replace(ISO, '$1$2').replace(CLOCK, '$1h$2m$3s');
  const { ms, end } = durationAt(trimmed, 0);
  return end === trimmed.length ? ms : Number.NaN;
};
