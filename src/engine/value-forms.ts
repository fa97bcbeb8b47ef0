import { readSafely } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { type Check, hasMethods, properName, required, suchThat } from '../options.ts';
import { chainOfValues, policyNames } from '../policies/policy-chain.ts';
import type { Forms, PredictionValues } from './forms.ts';
import { overrideSpecsOf, predictionSpecs } from './option-specs.ts';
import { type QueryReader, texts } from './request/text-request.ts';

/** Whether a value has such a part that only this library can have put there. */
const hasInside = (value: unknown, part: string): boolean => hasMethods(readSafely(value, internal), part);

/** A value that a function of `core` has made of another one, so that it brings the code that it needs. */
const madeBy = (maker: string, part: string, isRaw: Check): Check =>
  suchThat(
    `what ${maker}() of crucible-ensemble/values returns, or false`,
    (value) => value === false || (readSafely(value, part) !== undefined && hasInside(value, 'closing')),
    (value) => (value !== true && isRaw(value) === undefined ? `wrap it: ${maker}(yours)` : undefined),
  );

const specs = {
  ...predictionSpecs,
  normalization: required(predictionSpecs.normalization),
  grouping: madeBy('grouped', 'grouping', predictionSpecs.grouping),
  decide: madeBy('deciding', 'decider', predictionSpecs.decide),
};

const aPolicy = suchThat(
  'a policy, such as retry() of crucible-ensemble/policies',
  (value) => typeof value === 'function',
);

const aQueryReader = suchThat('conversations of crucible-ensemble/values', (value) =>
  hasInside(value, 'toRequest'),
);

/** Options that are values. Queries are texts, unless a reader of others is given. */
export const valueForms = (queries: QueryReader | undefined): Forms => ({
  ensembleSpecs: {
    name: [properName, 'ensemble'],
    ...specs,
    queries: aQueryReader,
    ...Object.fromEntries(policyNames.map((name) => [name, aPolicy])),
  },
  overrideSpecs: overrideSpecsOf(specs),
  valuesOf: (options) => options as object as PredictionValues,
  queries: queries ?? texts,
  policiesOf: (options) => chainOfValues(options as Parameters<typeof chainOfValues>[0]),
  mismatchOf: () => undefined,
});
