import { readSafely } from '../domain/foreign.ts';
import type { Query } from '../domain/request.ts';
import type { OverridesFor } from '../engine/ensemble-options.ts';
import type { Ensemble } from '../values/ensemble.ts';
import type { AutoModels } from './auto-models.ts';
import type { PanelMember } from './model-spec.ts';

/** Returns an ensemble with names in its overrides of `models` too. */
export const withNamedOverrides = <Answer>(
  ensemble: Ensemble<Answer>,
  { chosen }: AutoModels,
): Ensemble<Answer, PanelMember> => {
  /** Overrides with models in place of names. */
  const named = (owner: string, overrides: unknown): OverridesFor<Answer> => {
    const members = readSafely(overrides, 'models');
    return (
      members === undefined ? overrides : { ...(overrides as object), models: chosen(owner, members) }
    ) as OverridesFor<Answer>;
  };
  return {
    ...ensemble,
    predict: async (query: Query, overrides?: unknown) =>
      ensemble.predict(query, named('predict', overrides)),
    predict$: (query: Query, overrides?: unknown) => ensemble.predict$(query, named('predict$', overrides)),
    stream: (query: Query, overrides?: unknown) => ensemble.stream(query, named('stream', overrides)),
    predictAll: (queries: Iterable<Query> | AsyncIterable<Query>, overrides?: unknown) =>
      ensemble.predictAll(queries, named('predictAll', overrides)),
  } as Ensemble<Answer, PanelMember>;
};
