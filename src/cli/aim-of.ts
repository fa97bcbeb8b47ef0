import { given } from '../domain/given.ts';
import type { Aim } from '../experiment/tuning/panel.ts';
import { between, refuse, wholeNumber } from '../options.ts';
import { type FlagChecks, flagFaults } from './flag-checks.ts';
import { type TuneFlags, tuneFlags } from './tune-flags.ts';

const amount = between(0, Number.MAX_VALUE);
const ratio = between(0, 1);

const checks: FlagChecks<TuneFlags> = {
  maxCostUsd: amount,
  maxCalls: amount,
  minAccuracy: ratio,
  minPrecision: ratio,
  sample: wholeNumber(1),
};

/**
 * Returns the aim that the flags describe.
 *
 * @throws {ConfigError} that lists every flag with an invalid value, and aims that exclude each other.
 */
export const aimOf = (flags: TuneFlags): Aim => {
  const { maxCostUsd, maxCalls, minAccuracy, minPrecision } = flags;
  const aims = [maxCostUsd ?? maxCalls, minAccuracy, minPrecision].filter((bound) => bound !== undefined);
  refuse([
    ...flagFaults(flags, tuneFlags, checks),
    ...(aims.length > 1
      ? ['use only one aim: --max-cost-usd and/or --max-calls, --min-accuracy, or --min-precision']
      : []),
  ]);
  if (minAccuracy !== undefined) return { minimize: 'cost', minAccuracy };
  if (minPrecision !== undefined) return { maximize: 'coverage', minPrecision };
  return { maximize: 'accuracy', ...given({ maxCostUsd, maxCalls }) };
};
