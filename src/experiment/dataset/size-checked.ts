import { isObject } from '../../domain/is-object.ts';
import type { Dataset } from '../question.ts';

/** Returns the same questions, which are refused before the first one if the files of any are too large. */
export type SizeCheck = (maxRequestBytes: number) => Dataset;

const sizeChecks = new WeakMap<object, SizeCheck>();

/** Notes how a dataset checks the sizes of its files before its first question. */
export const noteSizeCheck = (dataset: Dataset, check: SizeCheck): void => {
  sizeChecks.set(dataset, check);
};

/** Returns a dataset that checks the sizes of its files before its first question, if it can. */
export const sizeChecked = (dataset: Dataset, maxRequestBytes: number): Dataset =>
  isObject(dataset) ? (sizeChecks.get(dataset)?.(maxRequestBytes) ?? dataset) : dataset;
