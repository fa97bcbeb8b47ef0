import { fuse } from '../deciders/fuse.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import type { PredictOverrides } from '../engine/ensemble-options.ts';
import type { ChosenPanel, JsonObject } from './dialect.ts';
import {
  aFlag,
  aText,
  checkFields,
  type FieldChecks,
  oneOfThese,
  requireFields,
  unsupported,
} from './fields.ts';
import { badRequest } from './request-refusal.ts';
import { listIn, objectAt } from './values.ts';

/** Each call of a panel is paid for, so that a request may not choose more. */
const MOST_MODELS = 8;

const namesOfModels = (value: unknown): string | undefined =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= MOST_MODELS &&
  value.every((name) => typeof name === 'string') &&
  new Set(value).size === value.length
    ? undefined
    : `a list of 1 to ${MOST_MODELS} different ids of models`;

const checks: FieldChecks = {
  id: aText,
  enabled: aFlag,
  analysis_models: namesOfModels,
  model: aText,
};

/** Reads the field `plugins`, of which `fusion` is known: the choice of a panel for one request. */
export const readPlugins = (plugins: unknown): ChosenPanel | undefined => {
  const chosen = listIn(plugins).flatMap((plugin, index) => {
    const param = `plugins[${index}]`;
    const fields = objectAt(plugin, param);
    requireFields(fields, ['id'], `${param}.`);
    if (fields.id !== 'fusion') throw unsupported(`${param}.id`);
    checkFields(fields, checks, `${param}.`);
    const { enabled, analysis_models, model } = fields as JsonObject & ChosenPanel;
    return enabled === false ? [] : [{ ...given({ analysis_models, model }), param }];
  });
  if (chosen.length > 1) throw badRequest('plugins: expected "fusion" at most once', 'plugins');
  return chosen[0];
};

/**
 * Returns what a choice overrides in a prediction.
 *
 * @param models the models that requests may choose among.
 * @throws {RequestRefusal} for a choice that the ensemble does not allow, and for a model that is not among them.
 */
export const overridesOfChoice = (
  { analysis_models: names, model: writer, param }: ChosenPanel,
  models: readonly Model[] = [],
): Pick<PredictOverrides, 'models' | 'decide'> => {
  const modelNamed = (name: string, place: string): Model => {
    const found = models.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const ids = models.map(({ id }) => id);
    throw badRequest(
      ids.length === 0
        ? `${place}: this ensemble has a panel of its own; ask it without`
        : `${place}: expected ${oneOfThese(...ids)(undefined)}`,
      place,
    );
  };
  return given({
    models: names?.map((name, index) => modelNamed(name, `${param}.analysis_models[${index}]`)),
    decide: writer === undefined ? undefined : fuse({ model: modelNamed(writer, `${param}.model`) }),
  });
};
