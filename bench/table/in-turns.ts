import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured } from '../predict/measure.ts';
import { median } from './judge.ts';

/** A task of a module, which exports its tasks by name as `tasks`. */
export interface Turn {
  readonly name: string;
  readonly module: URL;
}

const script = fileURLToPath(new URL('../predict/measure.ts', import.meta.url));

/**
 * Measures tasks in processes that take turns, so that a busy machine slows all alike. Returns the CPU time of the main
 * thread for each task, and the ratio to another task in the same round.
 */
export const measureInTurns = (
  turns: readonly Turn[],
  { rounds, isQuick = false }: { readonly rounds: number; readonly isQuick?: boolean },
) => {
  const flags = isQuick ? ['--quick'] : [];
  const measured = Array.from(
    { length: rounds },
    () =>
      new Map(
        turns.map(({ name, module }): [string, Measured] => [
          name,
          JSON.parse(
            execFileSync(process.execPath, [script, name, module.href, ...flags], { encoding: 'utf8' }),
          ),
        ]),
      ),
  );
  const each = (name: string, figure: keyof Measured): number[] =>
    measured.map((round) => round.get(name)?.[figure] ?? Number.NaN);
  return {
    /** The microseconds of each round. */
    each,
    /** The median over the rounds, in microseconds. */
    micros: (name: string, figure: keyof Measured): number => median(each(name, figure)),
    /** The ratio in each round. */
    ratios: (name: string, to: string, figure: keyof Measured): number[] => {
      const base = each(to, figure);
      return each(name, figure).map((micros, round) => micros / (base[round] ?? Number.NaN));
    },
  };
};
