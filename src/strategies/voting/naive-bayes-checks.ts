import { type Check, shown } from '../../options.ts';

const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= 1;

const positives: Check = (value) =>
  Array.isArray(value) && value.every(isPositive) ? undefined : 'numbers above 0 and up to 1';

/** What each of the options must be by itself. */
export const naiveBayesChecks: Readonly<Record<string, Check>> = {
  classes: (value) =>
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((key) => typeof key === 'string') &&
    new Set(value).size === value.length
      ? undefined
      : 'at least two different texts',
  prior: positives,
  likelihoods: (value) => (typeof value === 'object' && value !== null ? undefined : 'an object'),
};

/** What is wrong with likelihoods and a prior for these classes. */
export const likelihoodFaults = ({ classes, prior, likelihoods }: NaiveBayesOptions): readonly string[] => {
  if (classes === undefined || likelihoods === undefined) {
    return ['naiveBayes: options "classes" and "likelihoods" must be given'];
  }
  const size = classes.length;
  const isRow = (row: unknown): boolean => positives(row) === undefined && (row as number[]).length === size;
  return [
    ...(prior !== undefined && prior.length !== size
      ? [`naiveBayes: option "prior" must have ${size} numbers, one for each class, but got ${shown(prior)}`]
      : []),
    ...Object.entries(likelihoods).flatMap(([model, rows]) =>
      Array.isArray(rows) && rows.length === size && rows.every(isRow)
        ? []
        : [
            `naiveBayes: option "likelihoods" must have ${size} rows of ${size} numbers above 0 and up to 1 for ` +
              `${shown(model)}, but got ${shown(rows)}`,
          ],
    ),
  ];
};

/** Options of {@link naiveBayes}. */
export interface NaiveBayesOptions {
  /** The answers there are, by the keys that they are counted under. At least 2. */
  readonly classes: readonly string[];
  /** How often each class is the right one, in the order of `classes`; above 0. Default: all alike. */
  readonly prior?: readonly number[];
  /**
   * What each model says, by its id: a row for each class that is right, and in it how often the model then
   * answers each class, above 0 and up to 1. `fitNaiveBayes` and `fitDawidSkene` make these.
   */
  readonly likelihoods: Readonly<Record<string, readonly (readonly number[])[]>>;
}
