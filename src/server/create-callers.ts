import { asyncScheduler } from 'rxjs';
import { mostOf, sumOf } from '../domain/cost.ts';
import { returned } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { tokenBucket } from '../domain/token-bucket.ts';
import {
  checked,
  durationMs,
  faultsOf,
  hasMethods,
  oneOf,
  properName,
  reading,
  required,
  suchThat,
  wholeNumber,
} from '../options.ts';
import { usdAmount } from '../policies/spending-cap.ts';
import { formatUsd } from '../rendering/amounts.ts';
import { currentClock } from '../time/clock.ts';
import type { Caller, Callers } from './callers.ts';
import { equalDigests, sha256Of } from './digests.ts';
import { endOfPeriod, type Period, periodIn } from './period.ts';
import { RequestRefusal } from './request-refusal.ts';
import { memorySpendStore, type SpendStore } from './spend-store.ts';

/** How much a key may spend. */
export interface KeyBudget {
  /** The most that the predictions of one period may cost, in USD; above 0. */
  readonly maxUsd: number;
  /** The period of the calendar. Default `month`. */
  readonly per?: Period;
  /** The time zone of the calendar, such as `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string;
}

/** How often a key may ask. */
export interface KeyRateLimit {
  /** How many predictions may begin at once, and in each stretch of `perMs`; from 1. */
  readonly requests: number;
  /** In milliseconds. Default 60,000. */
  readonly perMs?: number;
}

/** A key, and what its owner may do. */
export interface ApiKey {
  /** The name of the key in events, pages and metrics. */
  readonly name: string;
  /** The SHA-256 digest of the key, in hexadecimal. The key itself is not kept. */
  readonly sha256: string;
  /** The ensembles that it may ask. Default: all. */
  readonly ensembles?: readonly string[];
  readonly budget?: KeyBudget;
  readonly rateLimit?: KeyRateLimit;
}

/** Options of {@link createCallers}. */
export interface CallersOptions {
  readonly keys: readonly ApiKey[];
  /** Keeps what each key has spent. Default: as long as the process lasts. */
  readonly spend?: SpendStore;
}

/** What a key has spent in the present period. */
export interface KeySpending {
  readonly name: string;
  readonly spentUsd: number;
  /** How many predictions of unknown cost are counted as the dearest one so far, or as 0 if none was known. */
  readonly unknownCosts: number;
  /** Absent without a budget: then `spentUsd` is that of the month. */
  readonly budget?: KeyBudget;
  readonly period: string;
}

/** Callers with keys. */
export interface KeyedCallers extends Callers {
  /** What each key has spent. */
  spending(): readonly KeySpending[];
}

const spentExpected = (usd: unknown): string | undefined =>
  typeof usd === 'number' && usd >= 0 ? undefined : 'a number of at least 0';

const MONTH: KeyBudget = { maxUsd: Number.POSITIVE_INFINITY };

/**
 * Lets the owners of keys ask, each within its budget and its rate limit. Keys are compared as SHA-256 digests, all of them
 * and in constant time.
 *
 * A budget counts what each prediction cost, its failed and cancelled calls included. Before a prediction it reserves what
 * the dearest one of that ensemble has cost so far. Until the first one has ended, a key with a budget asks an ensemble one
 * question at a time; others are refused with 429. If a part of a cost is unknown, the dearest one counts, or 0 if no cost is
 * known.
 *
 * @throws {ConfigError} that lists every fault of the keys.
 *
 * @example
 * ```ts
 * import { createHash } from 'node:crypto';
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { createCallers, createEnsembleHandler } from 'crucible-ensemble/server';
 *
 * const sha256 = createHash('sha256').update('key-of-ann').digest('hex');
 * const callers = createCallers({ keys: [{ name: 'ann', sha256, budget: { maxUsd: 20, per: 'day' } }] });
 * const panel = createEnsemble({ models: [defineModel('a', () => ({ text: 'yes', costUsd: 0.25 }))] });
 * const { fetch } = createEnsembleHandler({ ensembles: { panel }, callers });
 *
 * const ask = async (key: string): Promise<number> => {
 *   const body = JSON.stringify({ model: 'panel', query: 'Is water wet?' });
 *   const headers = { authorization: `Bearer ${key}` };
 *   const request = new Request('http://localhost/v1/predictions', { method: 'POST', headers, body });
 *   return (await fetch(request)).status;
 * };
 * await ask('key-of-ann'); // => 200
 * await ask('key-of-bob'); // => 401
 * callers.spending()[0]?.spentUsd; // => 0.25
 * ```
 */
export const createCallers = (options: CallersOptions): KeyedCallers =>
  reading('createCallers', () => {
    const { keys, spend } = checked(
      'createCallers',
      options,
      {
        keys: required(
          suchThat('a list with at least one key', (value) => Array.isArray(value) && value.length > 0),
        ),
        spend: [suchThat('a spend store', (value) => hasMethods(value, 'add', 'spent')), memorySpendStore()],
      },
      keyFaults(options?.keys),
    );
    const owners = new Map(keys.map((key) => [key.name, createOwner(key, spend)]));
    /** What the dearest prediction of an ensemble has cost, in USD. */
    const dearest = new Map<string, number>();
    return {
      async of(request) {
        const digest = await sha256Of(keyIn(request));
        // Every key is compared, so that the time says nothing of the place of the right one.
        const [found] = keys.filter(({ sha256 }) => equalDigests(sha256.toLowerCase(), digest));
        if (found === undefined) throw unauthorized();
        return found;
      },
      admit({ name = '' }: Caller, ensemble) {
        const owner = owners.get(name);
        if (owner === undefined) throw unauthorized();
        const release = owner.reserve(ensemble, dearest.get(ensemble));
        return (outcomes) => {
          release();
          if (outcomes.length === 0) return;
          const cost = sumOf(outcomes);
          const most = mostOf(cost);
          if (Number.isFinite(most)) {
            dearest.set(ensemble, Math.max(dearest.get(ensemble) ?? 0, most));
            owner.charge(most, false);
          } else {
            const usd = Math.max(cost.costUsd ?? 0, dearest.get(ensemble) ?? 0);
            dearest.set(ensemble, usd);
            owner.charge(usd, true);
          }
        };
      },
      spending: () => [...owners.values()].map((owner) => owner.spending()),
    };
  });

interface Owner {
  /** Returns what frees the reservation. */
  reserve(ensemble: string, usd: number | undefined): () => void;
  charge(usd: number, isUnknown: boolean): void;
  spending(): KeySpending;
}

const createOwner = ({ name, budget, rateLimit }: ApiKey, spend: SpendStore): Owner => {
  const { maxUsd, per = 'month', timeZone = 'UTC' } = budget ?? MONTH;
  const rate = rateLimit && createRate(rateLimit);
  const nameOfPeriod = periodIn(per, timeZone);
  const period = (): string => nameOfPeriod(new Date(asyncScheduler.now()));
  const spentNow = (): number => returned(spend.spent(name, period()), spentExpected);
  let reservedUsd = 0;
  /** The ensembles that are asked for the first time, so that their cost is not known. */
  const firstAsked = new Set<string>();
  let unknownCosts = 0;
  return {
    reserve(ensemble, expectedUsd) {
      const usd = expectedUsd ?? 0;
      const spentUsd = spentNow();
      if (spentUsd + reservedUsd + usd > maxUsd || spentUsd >= maxUsd) {
        const endsAt = endOfPeriod(nameOfPeriod, new Date(asyncScheduler.now()));
        throw budgetSpent({ spentUsd, maxUsd, per, endsAt });
      }
      const isFirst = budget !== undefined && expectedUsd === undefined;
      if (isFirst && firstAsked.has(ensemble)) throw costUnknown();
      rate?.spend();
      if (isFirst) firstAsked.add(ensemble);
      reservedUsd += usd;
      return () => {
        reservedUsd -= usd;
        if (isFirst) firstAsked.delete(ensemble);
      };
    },
    charge(usd, isUnknown) {
      returned(spend.add(name, period(), usd));
      if (isUnknown) unknownCosts += 1;
    },
    spending: () => ({
      name,
      spentUsd: spentNow(),
      unknownCosts,
      period: period(),
      ...(budget !== undefined && { budget }),
    }),
  };
};

/** A bucket of requests that fills up again at a constant rate. */
const createRate = ({ requests, perMs = 60_000 }: KeyRateLimit): { spend(): void } => {
  const clock = currentClock();
  const bucket = tokenBucket({ capacity: requests });
  const msPerRequest = perMs / requests;
  let lastMs = clock();
  return {
    spend() {
      const nowMs = clock();
      bucket.earn((nowMs - lastMs) / msPerRequest);
      lastMs = nowMs;
      if (!bucket.spend()) throw tooManyRequests((1 - bucket.level()) * msPerRequest);
    },
  };
};

const bearer = /^bearer\s+(.+)$/i;

const keyIn = ({ headers }: Request): string =>
  headers.get('authorization')?.match(bearer)?.[1]?.trim() ?? headers.get('x-api-key') ?? '';

const unauthorized = (): RequestRefusal =>
  new RequestRefusal({
    status: 401,
    type: 'authentication_error',
    code: 'invalid_api_key',
    message: 'the key is missing or unknown; send it as "authorization: Bearer <key>" or as "x-api-key"',
  });

interface SpentBudget extends Required<Pick<KeyBudget, 'maxUsd' | 'per'>> {
  readonly spentUsd: number;
  readonly endsAt: Date;
}

/** What predictions may cost is not said: it is known from those of all keys. */
const budgetSpent = ({ spentUsd, maxUsd, per, endsAt }: SpentBudget): RequestRefusal => {
  const why =
    spentUsd >= maxUsd
      ? 'its budget is spent'
      : 'this prediction may cost more than what its budget has left besides what those in flight may cost';
  return new RequestRefusal({
    status: 402,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: `this key has spent ${formatUsd(spentUsd)} of ${formatUsd(maxUsd)} in this ${per}, which ends at ${endsAt.toISOString()}: ${why}`,
  });
};

const costUnknown = (): RequestRefusal =>
  new RequestRefusal({
    status: 429,
    type: 'rate_limit_error',
    code: 'cost_unknown',
    message:
      'the cost of this ensemble is not known yet: until its first prediction has ended, a key with a budget asks one at a time',
    retryAfterMs: 1_000,
  });

const tooManyRequests = (retryAfterMs: number): RequestRefusal =>
  new RequestRefusal({
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    message: 'the rate limit of this key is reached',
    retryAfterMs,
  });

const hexDigest = suchThat('64 hexadecimal digits', (value) => /^[\da-f]{64}$/i.test(String(value)));
const zone = suchThat('a time zone, such as Europe/Berlin', (value) => {
  try {
    return typeof value === 'string' && Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
});
const aRecord = suchThat('an object', (value) => isObject(value) && !Array.isArray(value));

const keyFaults = (keys: unknown): string[] => {
  if (!Array.isArray(keys)) return [];
  const names = new Set<unknown>();
  const digests = new Set<unknown>();
  return keys.flatMap((key: unknown, index) => {
    const place = `createCallers: keys[${index}]`;
    if (!isObject(key)) return [`${place} must be an object`];
    const { name, sha256, budget, rateLimit } = key as Partial<ApiKey>;
    const digest = String(sha256).toLowerCase();
    const isKnown = digests.has(digest);
    digests.add(digest);
    const isTwice = names.has(name);
    names.add(name);
    return [
      ...faultsOf(place, key, {
        name: required(properName),
        sha256: required(hexDigest),
        ensembles: suchThat('a list of names', Array.isArray),
        budget: aRecord,
        rateLimit: aRecord,
      }),
      ...(isTwice ? [`${place}: another key has this name`] : []),
      ...(isKnown ? [`${place}: another name has the same key; give each its own`] : []),
      ...(isObject(budget)
        ? faultsOf(`${place}.budget`, budget, {
            maxUsd: required(usdAmount),
            per: oneOf(['day', 'month'], ''),
            timeZone: zone,
          })
        : []),
      ...(isObject(rateLimit)
        ? faultsOf(`${place}.rateLimit`, rateLimit, {
            requests: required(wholeNumber(1)),
            perMs: durationMs,
          })
        : []),
    ];
  });
};
