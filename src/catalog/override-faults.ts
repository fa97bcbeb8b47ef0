import { isObject } from '../domain/is-object.ts';
import { quotedName } from '../domain/quoting.ts';
import { between, type Check, faultsOf, ofType, required, type Spec, suchThat } from '../options.ts';

const rate: Check = (value) => between(0, Number.MAX_VALUE)(value) && 'a number of USD, at least 0';

const day = suchThat(
  'a day such as 2026-12-01',
  (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)),
);

const rates: Readonly<Record<string, Spec>> = {
  inputPerMillionUsd: required(rate),
  outputPerMillionUsd: required(rate),
  cachedInputPerMillionUsd: rate,
  cacheWritePerMillionUsd: rate,
};

const override = { ...rates, longInput: ofType('object'), tiers: ofType('object'), from: day };
const longInput = { ...rates, aboveTokens: required(between(0, Number.MAX_SAFE_INTEGER)) };

/** Returns the faults of price overrides. An invalid rate would make every cost `NaN`. */
export const overrideFaults = (owner: string, overrides: unknown): string[] =>
  Object.entries(isObject(overrides) ? overrides : {}).flatMap(([name, given]) =>
    [given].flat().flatMap((value: unknown) => {
      const path = `${owner}: overrides[${quotedName(name)}]`;
      const { longInput: long, tiers } = isObject(value) ? (value as Record<string, unknown>) : {};
      return [
        ...faultsOf(path, value, override),
        ...(isObject(long) ? faultsOf(`${path}.longInput`, long, longInput) : []),
        ...Object.entries(isObject(tiers) ? tiers : {}).flatMap(([tier, ofTier]) =>
          faultsOf(`${path}.tiers[${quotedName(tier)}]`, ofTier, rates),
        ),
      ];
    }),
  );
