import { isObject } from '../../domain/is-object.ts';
import { quotedName } from '../../domain/quoting.ts';
import { type Check, shown, suchThat, trueOrFalse } from '../../options.ts';

const isProbability = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= 1;

const isProbabilities = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(isProbability);

/** The check of each option by itself. */
export const naiveBayesChecks = {
  classes: suchThat(
    'at least two different strings',
    (value) =>
      Array.isArray(value) &&
      value.length >= 2 &&
      value.every((key) => typeof key === 'string') &&
      new Set(value).size === value.length,
  ),
  withOther: trueOrFalse,
  prior: suchThat('numbers above 0 and up to 1', isProbabilities),
  likelihoods: suchThat('an object', isObject),
} as const satisfies Readonly<Record<keyof NaiveBayesOptions, Check>>;

/** Returns the faults of a prior and likelihoods that do not fit the classes. Options that are no such lists have none. */
export const likelihoodFaults = (options: NaiveBayesOptions): readonly string[] => {
  const { classes, withOther, prior, likelihoods } = (options ?? {}) as Partial<NaiveBayesOptions>;
  if (!Array.isArray(classes) || !isObject(likelihoods)) return [];
  const size = classes.length + (withOther === true ? 1 : 0);
  const places = withOther === true ? 'one for each class and one for other answers' : 'one for each class';
  const isRow = (row: unknown): boolean => isProbabilities(row) && row.length === size;
  return [
    ...(isProbabilities(prior) && prior.length !== size
      ? [`naiveBayes: option "prior" must have ${size} numbers, ${places}, but got ${shown(prior)}`]
      : []),
    ...Object.entries(likelihoods).flatMap(([model, rows]) =>
      Array.isArray(rows) && rows.length === size && rows.every(isRow)
        ? []
        : [
            `naiveBayes: option "likelihoods" must have ${size} rows of ${size} numbers above 0 and up to 1 for ` +
              `${quotedName(model)}, but got ${shown(rows)}`,
          ],
    ),
  ];
};

/** Options of {@link naiveBayes}. */
export interface NaiveBayesOptions {
  /** The answers that exist, by the keys under which they are counted. At least 2. */
  readonly classes: readonly string[];
  /**
   * Whether all other answers, the strays, are one more class: the last entry of `prior`, and the last row and column of
   * each matrix. Two different strays are different answers, which share these numbers. Default false: strays are no
   * evidence.
   */
  readonly withOther?: boolean;
  /** How often each class is the right one, in the order of `classes`. Default: equally often. Range above 0 to 1. */
  readonly prior?: readonly number[];
  /**
   * For each model id, a matrix: one row per right class, with how often the model then answers each class. Range above 0 to
   * 1. `fitNaiveBayes` and `fitDawidSkene` make these.
   */
  readonly likelihoods: Readonly<Record<string, readonly (readonly number[])[]>>;
}
