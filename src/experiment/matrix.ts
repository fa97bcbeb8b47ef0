import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { quotedName } from '../domain/quoting.ts';
import { reading, refuse, shown } from '../options.ts';
import type { ConditionOptions, Conditions } from './condition.ts';

/** The values to combine, for each option of an ensemble. */
export type Choices = {
  readonly [Option in keyof ConditionOptions]?: readonly ConditionOptions[Option][];
};

/**
 * Combines the values of options into conditions: one for each combination. The last option varies fastest. The name of a
 * condition consists of its values for the options with several values: models by id, executions and voters by name. A long
 * text, such as a prompt, is named by its position in the list: `prompt 2`. If names are equal, a number is appended.
 *
 * @throws {ConfigError} if an option does not have an array of at least one value.
 *
 * @example
 * ```ts
 * import { hedged, simulated } from 'crucible-ensemble';
 * import { matrix } from 'crucible-ensemble/experiment';
 *
 * const models = ['a', 'b'].map((id) => simulated({ id }));
 * const conditions = matrix({
 *   models: [models.slice(0, 1), models],
 *   execution: ['parallel', hedged()],
 *   normalization: ['numeric'],
 * });
 * Object.keys(conditions); // => ['a parallel', 'a hedged', 'a+b parallel', 'a+b hedged']
 * ```
 */
export const matrix = (choices: Choices): Conditions => {
  return reading('matrix', () => {
    const lists = Object.entries(choices ?? {}).filter(([, values]) => values !== undefined);
    const faults = lists.flatMap(([option, values]) =>
      Array.isArray(values) && values.length > 0
        ? []
        : [
            `matrix: option ${quotedName(option)} must be an array of at least one value, but got ${shown(values)}`,
          ],
    );
    if (lists.length === 0) faults.push('matrix: expected an array of values for at least one option');
    refuse(faults);

    let combinations: readonly (readonly (readonly [string, unknown])[])[] = [[]];
    for (const [option, values] of lists as [string, readonly unknown[]][]) {
      combinations = combinations.flatMap((chosen) =>
        values.map((value) => [...chosen, [option, value] as const]),
      );
    }
    const varied = new Set(
      lists.filter(([, values]) => (values as readonly unknown[]).length > 1).map(([option]) => option),
    );
    const taken = new Map<string, number>();
    return Object.fromEntries(
      combinations.map((combination) => {
        const named = combination.filter(
          ([option]) => varied.has(option) || (varied.size === 0 && option === 'models'),
        );
        const name =
          named
            .map(([option, value]) => namedOption(option, value, choices[option as keyof Choices] ?? []))
            .join(' ') || 'ensemble';
        const count = (taken.get(name) ?? 0) + 1;
        taken.set(name, count);
        return [
          count === 1 ? name : `${name} #${count}`,
          Object.fromEntries(combination) as unknown as ConditionOptions,
        ];
      }),
    );
  });
};

/** The longest text that a name of a condition has. */
const LONGEST = 40;

/** Formats an option for the name of a condition: models and strings by themselves, others as `name=value`. */
const namedOption = (option: string, value: unknown, values: readonly unknown[]): string => {
  if (typeof value === 'string' && (value.length > LONGEST || /[\r\n]|\{\{/.test(value)))
    return `${option} ${values.indexOf(value) + 1}`;
  if (Array.isArray(value)) return value.map((item: Model) => item.id).join('+');
  const name = nameOf(value);
  return typeof value === 'string' || isObject(value) ? name : `${option}=${name}`;
};

const nameOf = (value: unknown): string => {
  const own: unknown = Reflect.get(Object(value), 'name');
  return typeof own === 'string' && own !== '' ? own : typeof value === 'object' ? 'custom' : String(value);
};
