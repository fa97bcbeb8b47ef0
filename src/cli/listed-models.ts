import type { Model } from '../domain/model.ts';
import type { Conditions } from '../experiment/condition.ts';

/** Returns every model that a condition lists, once. Models that a function chooses are not known before the question. */
export const listedModels = (conditions: Conditions): readonly Model[] => {
  const listed = Object.values(conditions).flatMap(({ models }) => (Array.isArray(models) ? models : []));
  return [...new Map(listed.map((model: Model) => [model.id, model])).values()];
};
