import type { Model } from '../../domain/model.ts';
import { recordedModel } from '../../experiment/journal/recorded-model.ts';
import { type SimulatedOptions, simulated } from '../../models/simulated.ts';
import { shown } from '../../options.ts';
import { construct, isRecord, type OnFault } from './config-value.ts';

/** The models of a file, by how conditions call them. */
export interface ConfigModels {
  readonly byName: ReadonlyMap<string, Model>;
  /** The options of those that the file defines: their answers depend on them. */
  readonly definitions: readonly unknown[];
}

/** Models by their names, with whatever keeps them from being asked. */
export type NameModels = (names: readonly string[]) => {
  readonly models: readonly Model[];
  readonly faults: readonly string[];
};

/**
 * The models that a file lists: `"openai/gpt-6-luna"`, `{ "simulated": { … } }`, `{ "recorded": "id" }`; or `"recorded"`
 * in place of a list, for those that the dataset has responses of.
 */
export const configModels = (
  listed: unknown,
  recordedIds: readonly string[],
  nameModels: NameModels,
  complain: OnFault,
): ConfigModels => {
  const byName = new Map<string, Model>();
  const definitions: unknown[] = [];
  if (listed === 'recorded') {
    for (const id of recordedIds) byName.set(id, recordedModel(id));
    if (recordedIds.length === 0) complain('models', 'the dataset has no responses');
    return { byName, definitions };
  }
  if (!Array.isArray(listed) || listed.length === 0) {
    complain('models', `expected a list, or "recorded", but got ${shown(listed)}`);
    return { byName, definitions };
  }
  for (const [index, item] of listed.entries()) {
    const where = `models[${index}]`;
    if (typeof item === 'string') {
      const { models, faults } = nameModels([item]);
      for (const fault of faults) complain(where, fault);
      for (const model of models) byName.set(item, model);
      continue;
    }
    if (!isRecord(item)) {
      complain(where, `expected a name or { "simulated": … }, but got ${shown(item)}`);
      continue;
    }
    const model = construct(complain, where, item, {
      simulated: (options: SimulatedOptions) => simulated(options ?? {}),
      recorded: (id: string) => recordedModel(id),
    }) as Model | undefined;
    if (model === undefined) continue;
    if (byName.has(model.id)) complain(where, `${shown(model.id)} is listed twice`);
    byName.set(model.id, model);
    definitions.push(item);
  }
  return { byName, definitions };
};
