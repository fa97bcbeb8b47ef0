import { fuse } from '../deciders/fuse.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import type { PredictOverrides } from '../engine/ensemble-options.ts';
import type { ChosenPanel } from './dialect.ts';
import {
  aFlag,
  aText,
  checkFields,
  type FieldCheck,
  type FieldChecks,
  oneOfThese,
  requireFields,
  unsupported,
} from './fields.ts';
import { badRequest } from './request-refusal.ts';
import { listIn, objectAt } from './values.ts';

/** Each call of a panel is paid for, so that a request may not choose more. */
const MOST_MODELS = 8;

export const namesOfModels: FieldCheck = (value): string | undefined =>
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

/** A choice of which both parts have been checked. */
export const chosenPanel = (
  models: unknown,
  writer: unknown,
  places: ChosenPanel['places'],
): ChosenPanel => ({
  models: (models ?? undefined) as ChosenPanel['models'],
  writer: (writer ?? undefined) as ChosenPanel['writer'],
  places,
});

/** Reads the field `plugins`, of which `fusion` is known: the choice of a panel for one request. */
export const readPlugins = (plugins: unknown): ChosenPanel | undefined => {
  const chosen = listIn(plugins).flatMap((plugin, index) => {
    const param = `plugins[${index}]`;
    const fields = objectAt(plugin, param);
    requireFields(fields, ['id'], `${param}.`);
    if (fields.id !== 'fusion') throw unsupported(`${param}.id`);
    checkFields(fields, checks, `${param}.`);
    if (fields.enabled === false) return [];
    const places = { models: `${param}.analysis_models`, writer: `${param}.model` };
    return [chosenPanel(fields.analysis_models, fields.model, places)];
  });
  if (chosen.length > 1) throw badRequest('plugins: expected "fusion" at most once', 'plugins');
  return chosen[0];
};

/**
 * Returns what a choice overrides in a prediction.
 *
 * @param choices the models that requests may choose among.
 * @throws {RequestRefusal} for a choice that the ensemble does not allow, and for a model that is not among them.
 */
export const overridesOfChoice = (
  { models: names, writer, places }: ChosenPanel,
  choices: readonly Model[] = [],
): Pick<PredictOverrides, 'models' | 'decide'> => {
  const modelNamed = (name: string, place: string): Model => {
    const found = choices.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const ids = choices.map(({ id }) => id);
    throw badRequest(
      ids.length === 0
        ? `${place}: requests may not choose the panel of this ensemble: the server does not name it in "choices"`
        : `${place}: expected ${oneOfThese(...ids)(undefined)}`,
      place,
    );
  };
  return given({
    models: names?.map((name, index) => modelNamed(name, `${places.models}[${index}]`)),
    decide: writer === undefined ? undefined : fuse({ model: modelNamed(writer, places.writer) }),
  });
};
