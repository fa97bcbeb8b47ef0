import type { ReplyHeaders } from './rate-limits.ts';
import { believed, headerOf, longest, plainNumber, untilResetMs } from './wait-time.ts';

/** A limit of which a reply says when it is whole again. */
interface Reset {
  readonly waitMs: number | undefined;
  /** What is left of it; `NaN` if that is unknown. */
  readonly left: number;
}

const PREFIXES = ['x-ratelimit', 'x-rate-limit', 'ratelimit', 'ratelimitbysize', 'anthropic-ratelimit'];

const WHAT = ['requests', 'tokens', 'input-tokens', 'output-tokens', 'unified'].flatMap((what) => [
  what,
  ...['minute', 'hour', 'day'].map((period) => `${what}-${period}`),
]);

/** The limits of which servers say what remains and when it is whole again, as the names of these two headers. */
const LIMITS: readonly (readonly [remaining: string, reset: string])[] = PREFIXES.flatMap((prefix) => [
  [`${prefix}-remaining`, `${prefix}-reset`],
  [`${prefix}-remaining`, `${prefix}-reset-after`],
  ...WHAT.flatMap((what): [string, string][] => [
    [`${prefix}-remaining-${what}`, `${prefix}-reset-${what}`],
    [`${prefix}-${what}-remaining`, `${prefix}-${what}-reset`],
  ]),
]);

/**
 * Returns the time until the limits that are used up are whole again, or those of which it is unknown what is left: the
 * longest of several.
 */
export const resetHintMs = (headers: ReplyHeaders, nowMs: number): number | undefined => {
  const limits = [
    ...LIMITS.map(([remaining, reset]) => ({
      waitMs: believed(untilResetMs(headerOf(headers, reset), nowMs)),
      left: leftOf(headerOf(headers, remaining)),
    })),
    ...draftLimits(headerOf(headers, 'ratelimit')),
  ].filter(({ waitMs }) => waitMs !== undefined);
  const usedUp = limits.filter(({ left }) => left < 1);
  const chosen = usedUp.length > 0 ? usedUp : limits.filter(({ left }) => Number.isNaN(left));
  return longest(chosen.map(({ waitMs }) => waitMs));
};

/** Some servers count below 0 once a limit is passed. */
const leftOf = (text: string): number => (/^\s{0,9}-\d/.test(text) ? 0 : plainNumber(text));

/** Reads the header of the drafts of the IETF, such as `"default";r=0;t=30` or `limit=100, remaining=0, reset=30`. */
const draftLimits = (header: string): readonly Reset[] =>
  (/\breset=/i.test(header) ? [header] : header.split(',')).map((limit) => ({
    waitMs: believed(plainNumber(/\b(?:reset|t)=(\d{1,20})/i.exec(limit)?.[1] ?? '') * 1000),
    left: leftOf(/\b(?:remaining|r)=(-?\d{1,20})/i.exec(limit)?.[1] ?? ''),
  }));
