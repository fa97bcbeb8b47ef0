/**
 * An ensemble of values: the same as `createEnsemble` of `crucible-ensemble` without names and short forms, for bundles that
 * have only the parts that they use.
 *
 * @packageDocumentation
 */

export { deciding } from '../engine/deciding.ts';
export type { Deciding, Grouped } from '../engine/forms.ts';
export { grouped } from '../engine/grouped.ts';
export type { QueryReader } from '../engine/request/text-request.ts';
export { conversations } from '../engine/to-request.ts';
export { createEnsemble } from './create-ensemble.ts';
export type {
  OptionsOfAnswers,
  PredictWithValues,
  ValueEnsemble,
  ValueEnsembleOptions,
  ValueOverrides,
  ValueOverridesFor,
  Values,
} from './value-ensemble.ts';
