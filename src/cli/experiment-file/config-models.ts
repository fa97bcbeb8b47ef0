import type { Model } from '../../domain/model.ts';
import { quotedName } from '../../domain/quoting.ts';
import { recordedModel } from '../../experiment/journal/recorded-model.ts';
import { simulated } from '../../models/simulated.ts';
import { shown } from '../../options.ts';
import type { CliContext } from '../cli-context.ts';
import { namedModels } from '../panel.ts';
import { construct, isRecord, type OnFault } from './config-value.ts';

/**
 * Creates the models that a file lists, by the names that conditions use: `"openai/gpt-6-luna"`, `{ "simulated": { … } }`, `{ "recorded": "id" }`. In
 * place of a list, `"recorded"` stands for all models with responses in the dataset.
 */
export const configModels = (
  listed: unknown,
  recordedIds: readonly string[],
  env: CliContext['env'],
  onFault: OnFault,
): ReadonlyMap<string, Model> => {
  const byName = new Map<string, Model>();
  if (listed === 'recorded') {
    for (const id of recordedIds) byName.set(id, recordedModel(id));
    if (recordedIds.length === 0) onFault('models', 'the dataset has no recorded responses');
    return byName;
  }
  if (!Array.isArray(listed) || listed.length === 0) {
    onFault('models', `expected a list, or "recorded", but got ${shown(listed)}`);
    return byName;
  }
  for (const [index, item] of listed.entries()) {
    const place = `models[${index}]`;
    if (typeof item === 'string') {
      const { models, faults } = namedModels([item], env);
      for (const fault of faults) onFault(place, fault);
      for (const model of models) byName.set(item, model);
      continue;
    }
    if (!isRecord(item)) {
      onFault(place, `expected a name or { "simulated": … }, but got ${shown(item)}`);
      continue;
    }
    const factories = { simulated, recorded: recordedModel };
    const model = construct(onFault, place, item, factories) as Model | undefined;
    if (model === undefined) continue;
    if (byName.has(model.id)) onFault(place, `${quotedName(model.id)} is listed twice; remove one`);
    byName.set(model.id, model);
  }
  return byName;
};
