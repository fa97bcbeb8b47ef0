import { between, type Check, faultsOf, ofType } from '../options.ts';

const rate: Check = (value) => between(0, Number.MAX_VALUE)(value) && 'a number of USD from 0 on';

const day: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : 'a day such as 2026-12-01';

const rateChecks: Readonly<Record<string, Check>> = {
  inputPerMillionUsd: rate,
  outputPerMillionUsd: rate,
  cachedInputPerMillionUsd: rate,
  cacheWritePerMillionUsd: rate,
};

const overrideChecks = { ...rateChecks, longInput: ofType('object'), from: day };
const longInputChecks = { ...rateChecks, aboveTokens: between(0, Number.MAX_SAFE_INTEGER) };

const missing = (owner: string, value: object, names: readonly string[]): string[] =>
  names
    .filter((name) => Reflect.get(value, name) === undefined)
    .map((name) => `${owner}: option "${name}" is missing`);

/** What is wrong with price overrides: a rate that is none would make every cost `NaN`. */
export const overrideFaults = (owner: string, overrides: unknown): string[] => {
  if (typeof overrides !== 'object' || overrides === null) return [];
  return Object.entries(overrides).flatMap(([name, given]) =>
    [given].flat().flatMap((override: unknown) => {
      const where = `${owner}: overrides["${name}"]`;
      const faults = faultsOf(where, override, overrideChecks);
      if (typeof override !== 'object' || override === null) return faults;
      const longInput: unknown = Reflect.get(override, 'longInput');
      return [
        ...faults,
        ...missing(where, override, ['inputPerMillionUsd', 'outputPerMillionUsd']),
        ...(typeof longInput === 'object' && longInput !== null
          ? [
              ...faultsOf(`${where}.longInput`, longInput, longInputChecks),
              ...missing(`${where}.longInput`, longInput, [
                'aboveTokens',
                'inputPerMillionUsd',
                'outputPerMillionUsd',
              ]),
            ]
          : []),
      ];
    }),
  );
};
