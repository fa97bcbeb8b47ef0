/**
 * An ensemble of values: the same as `createEnsemble` of `crucible-ensemble` without names and short forms, for bundles that
 * have only the parts that they use.
 *
 * @packageDocumentation
 */

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
