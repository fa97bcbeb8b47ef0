import type { Model } from '../../domain/model.ts';
import { quotedName } from '../../domain/quoting.ts';
import { recordedModel } from '../../experiment/journal/recorded-model.ts';
import { shown } from '../../options.ts';
import type { OnFault } from '../ensemble-file/config-value.ts';
import type { FileModels } from '../ensemble-file/file-models.ts';

/**
 * Creates the models that a file lists, by the names that conditions use: `"openai/gpt-6-luna"`, `{ "model": … }`,
 * `{ "simulated": { … } }`, `{ "recorded": "id" }`. In place of a list, `"recorded"` stands for all models with responses in
 * the dataset.
 */
export const configModels = (
  listed: unknown,
  recordedIds: readonly string[],
  models: FileModels,
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
  for (const [index, member] of listed.entries()) {
    const place = `models[${index}]`;
    const model = models.read(place, member, onFault);
    if (model === undefined) continue;
    if (byName.has(model.id)) onFault(place, `${quotedName(model.id)} is listed twice; remove one`);
    byName.set(model.id, model);
  }
  return byName;
};
