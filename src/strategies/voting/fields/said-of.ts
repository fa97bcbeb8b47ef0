import { answerKey } from '../../../domain/answer-key.ts';
import type { FieldStanding } from '../../../domain/field-standing.ts';

/** What one member said of a field; `undefined` if its answer does not have it. */
export interface Said {
  readonly model: string;
  readonly value: unknown;
}

/** Lists the values that were given in panel order, with the models behind each. */
export const saidOf = (all: readonly Said[]): Pick<FieldStanding, 'said' | 'without'> => {
  const values = new Map<string, { readonly value: unknown; readonly models: string[] }>();
  const without: string[] = [];
  for (const { model, value } of all) {
    if (value === undefined) {
      without.push(model);
      continue;
    }
    const key = answerKey(value);
    const known = values.get(key);
    if (known === undefined) values.set(key, { value, models: [model] });
    else known.models.push(model);
  }
  // Sorting is stable, so that equally many stay in panel order.
  return { said: [...values.values()].sort((a, b) => b.models.length - a.models.length), without };
};
