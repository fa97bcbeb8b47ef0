import { finished } from './work.ts';

/** A vote: the numbers of its rater and of the class that it is for. */
export type RaterVote = readonly [rater: number, given: number];

/** Options of {@link dawidSkene}. */
export interface DawidSkeneOptions {
  readonly raters: number;
  readonly classes: number;
  /** The votes that each cell of a matrix starts with; 0 is the estimate of maximum likelihood. Default 0. */
  readonly smoothing?: number;
  /** Ends when no probability of a class changes by more than this. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxIterations?: number;
}

/** An estimate from votes alone. */
export interface DawidSkeneEstimate {
  /** How often each class is right. */
  readonly prior: readonly number[];
  /** For each rater, a row for each class that is right: how often the rater gives each class. */
  readonly likelihoods: readonly (readonly (readonly number[])[])[];
  /** For each item, how probable each class is. */
  readonly posteriors: readonly (readonly number[])[];
  readonly iterations: number;
}

/**
 * Estimates what each rater tends to answer, and the probable class of each item, from votes alone: expectation
 * maximization that starts with the shares of the votes. A rater may vote on an item several times, or not at all.
 *
 * Source: Dawid and Skene, Maximum likelihood estimation of observer error-rates using the EM algorithm (1979),
 * equations 2.3 to 2.5 and 3.1.
 */
export const dawidSkene = (
  items: readonly (readonly RaterVote[])[],
  options: DawidSkeneOptions,
): DawidSkeneEstimate => finished(dawidSkeneInSteps(items, options));

/** As {@link dawidSkene}, with a pause after each iteration. */
export function* dawidSkeneInSteps(
  items: readonly (readonly RaterVote[])[],
  options: DawidSkeneOptions,
): Generator<unknown, DawidSkeneEstimate> {
  const { raters, classes, smoothing = 0, tolerance = 1e-6, maxIterations = 200 } = options;
  const sample: Sample = {
    columns: Int32Array.from(
      items.flatMap((votes) => votes.map(([rater, given]) => (rater * classes + given) * classes)),
    ),
    ends: new Int32Array(items.length),
    posteriors: new Float64Array(items.length * classes),
  };
  let end = 0;
  for (const [item, votes] of items.entries()) {
    end += votes.length;
    sample.ends[item] = end;
    const shares = sample.posteriors.subarray(item * classes, (item + 1) * classes);
    for (const [, given] of votes) shares[given] = (shares[given] ?? 0) + 1;
    toShares(shares);
  }
  yield;
  const likelihoods = new Float64Array(raters * classes * classes);
  const prior = new Float64Array(classes);
  for (let iterations = 1; ; iterations += 1) {
    maximize(sample, { prior, likelihoods, smoothing });
    const change = expect(sample, { prior, likelihoods });
    if (change <= tolerance || iterations >= maxIterations) {
      const every = (count: number) => Array.from({ length: count }, (_, index) => index);
      return {
        prior: Array.from(prior),
        likelihoods: every(raters).map((rater) =>
          every(classes).map((right) =>
            every(classes).map((given) => likelihoods[(rater * classes + given) * classes + right] ?? 0),
          ),
        ),
        posteriors: items.map((_, item) =>
          Array.from(sample.posteriors.subarray(item * classes, (item + 1) * classes)),
        ),
        iterations,
      };
    }
    yield;
  }
}

/** Divides counts by their sum, in place; equal shares if all counts are 0. */
const toShares = (counts: Float64Array): Float64Array => {
  let total = 0;
  for (let k = 0; k < counts.length; k += 1) total += counts[k] ?? 0;
  for (let k = 0; k < counts.length; k += 1) {
    counts[k] = total === 0 ? 1 / counts.length : (counts[k] ?? 0) / total;
  }
  return counts;
};

/** The votes on all items, and how probable each class of each item is, in typed arrays, one item after the other. */
interface Sample {
  /** For each vote: where the likelihoods of its rater and its class begin. */
  readonly columns: Int32Array;
  /** For each item: the place where its votes end. */
  readonly ends: Int32Array;
  readonly posteriors: Float64Array;
}

interface Parameters {
  readonly prior: Float64Array;
  /** For each rater and each class that it gives: the likelihood for each class that is right. */
  readonly likelihoods: Float64Array;
}

/** Writes the parameters that the posteriors make most likely. */
const maximize = (
  { columns, ends, posteriors }: Sample,
  { prior, likelihoods, smoothing }: Parameters & { readonly smoothing: number },
): void => {
  const classes = prior.length;
  prior.fill(smoothing);
  likelihoods.fill(smoothing);
  let vote = 0;
  for (let item = 0; item < ends.length; item += 1) {
    const shares = item * classes;
    for (let right = 0; right < classes; right += 1)
      prior[right] = (prior[right] ?? 0) + (posteriors[shares + right] ?? 0);
    for (const end = ends[item] ?? 0; vote < end; vote += 1) {
      const column = columns[vote] ?? 0;
      for (let right = 0; right < classes; right += 1)
        likelihoods[column + right] = (likelihoods[column + right] ?? 0) + (posteriors[shares + right] ?? 0);
    }
  }
  toShares(prior);
  const row = new Float64Array(classes);
  for (let rater = 0; rater < likelihoods.length; rater += classes * classes) {
    for (let place = rater; place < rater + classes; place += 1) {
      for (let given = 0; given < classes; given += 1) row[given] = likelihoods[place + given * classes] ?? 0;
      toShares(row);
      for (let given = 0; given < classes; given += 1) likelihoods[place + given * classes] = row[given] ?? 0;
    }
  }
};

/**
 * Writes the posteriors that the parameters imply, and returns the largest change. Uses logarithms, because the product of
 * many likelihoods underflows.
 */
const expect = ({ columns, ends, posteriors }: Sample, { prior, likelihoods }: Parameters): number => {
  const classes = prior.length;
  const logs = likelihoods.map(Math.log);
  const start = prior.map(Math.log);
  const scores = new Float64Array(classes);
  let change = 0;
  let from = 0;
  for (let item = 0; item < ends.length; item += 1) {
    const end = ends[item] ?? 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let right = 0; right < classes; right += 1) {
      let score = start[right] ?? 0;
      for (let vote = from; vote < end; vote += 1) score += logs[(columns[vote] ?? 0) + right] ?? 0;
      scores[right] = score;
      most = Math.max(most, score);
    }
    from = end;
    for (let right = 0; right < classes; right += 1) {
      const score = scores[right] ?? 0;
      scores[right] = score === Number.NEGATIVE_INFINITY ? 0 : Math.exp(score - most);
    }
    toShares(scores);
    for (let right = 0; right < classes; right += 1) {
      const place = item * classes + right;
      const share = scores[right] ?? 0;
      change = Math.max(change, Math.abs(share - (posteriors[place] ?? 0)));
      posteriors[place] = share;
    }
  }
  return change;
};
