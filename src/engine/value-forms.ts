import { properName, required, suchThat } from '../options.ts';
import { chainOfValues, policyNames } from '../policies/policy-chain.ts';
import type { Forms, PredictionValues } from './forms.ts';
import { overrideSpecsOf, predictionSpecs } from './option-specs.ts';

const specs = { ...predictionSpecs, normalization: required(predictionSpecs.normalization) };

const aPolicy = suchThat(
  'a policy, such as retry() of crucible-ensemble/policies',
  (value) => typeof value === 'function',
);

/** Options that are values. */
export const valueForms: Forms = {
  ensembleSpecs: {
    name: [properName, 'ensemble'],
    ...specs,
    ...Object.fromEntries(policyNames.map((name) => [name, aPolicy])),
  },
  overrideSpecs: overrideSpecsOf(specs),
  valuesOf: (options) => options as PredictionValues,
  policiesOf: (options) => chainOfValues(options as Parameters<typeof chainOfValues>[0]),
  mismatchOf: () => undefined,
};
