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
): DawidSkeneEstimate => {
  const { raters, classes, smoothing = 0, tolerance = 1e-6, maxIterations = 200 } = options;
  const posteriors = items.map((votes) => {
    const shares = new Float64Array(classes);
    for (const [, given] of votes) shares[given] = (shares[given] ?? 0) + 1;
    return toShares(shares);
  });
  /** A row for each rater and each class that is right. */
  const rows = Array.from({ length: raters * classes }, () => new Float64Array(classes));
  const prior = new Float64Array(classes);
  for (let iterations = 1; ; iterations += 1) {
    maximize(items, posteriors, { prior, rows, smoothing });
    const change = expect(items, posteriors, { prior, rows });
    if (change <= tolerance || iterations >= maxIterations) {
      const matrix = (rater: number): number[][] =>
        rows.slice(rater * classes, (rater + 1) * classes).map((row) => Array.from(row));
      return {
        prior: Array.from(prior),
        likelihoods: Array.from({ length: raters }, (_, rater) => matrix(rater)),
        posteriors: posteriors.map((shares) => Array.from(shares)),
        iterations,
      };
    }
  }
};

/** Divides counts by their sum, in place; equal shares if all counts are 0. */
const toShares = (counts: Float64Array): Float64Array => {
  let total = 0;
  for (let k = 0; k < counts.length; k += 1) total += counts[k] ?? 0;
  for (let k = 0; k < counts.length; k += 1) {
    counts[k] = total === 0 ? 1 / counts.length : (counts[k] ?? 0) / total;
  }
  return counts;
};

interface Parameters {
  readonly prior: Float64Array;
  readonly rows: readonly Float64Array[];
}

/** Writes the parameters that the posteriors make most likely. */
const maximize = (
  items: readonly (readonly RaterVote[])[],
  posteriors: readonly Float64Array[],
  { prior, rows, smoothing }: Parameters & { readonly smoothing: number },
): void => {
  const classes = prior.length;
  prior.fill(smoothing);
  for (const row of rows) row.fill(smoothing);
  items.forEach((votes, item) => {
    const shares = posteriors[item] ?? prior;
    for (let right = 0; right < classes; right += 1)
      prior[right] = (prior[right] ?? 0) + (shares[right] ?? 0);
    for (const [rater, given] of votes) {
      for (let right = 0; right < classes; right += 1) {
        const row = rows[rater * classes + right] ?? prior;
        row[given] = (row[given] ?? 0) + (shares[right] ?? 0);
      }
    }
  });
  toShares(prior);
  for (const row of rows) toShares(row);
};

/**
 * Writes the posteriors that the parameters imply, and returns the largest change. Uses logarithms, because the product of
 * many likelihoods underflows.
 */
const expect = (
  items: readonly (readonly RaterVote[])[],
  posteriors: readonly Float64Array[],
  { prior, rows }: Parameters,
): number => {
  const classes = prior.length;
  const logs = rows.map((row) => row.map(Math.log));
  const start = prior.map(Math.log);
  const scores = new Float64Array(classes);
  let change = 0;
  items.forEach((votes, item) => {
    scores.set(start);
    for (const [rater, given] of votes) {
      for (let right = 0; right < classes; right += 1) {
        scores[right] = (scores[right] ?? 0) + (logs[rater * classes + right]?.[given] ?? 0);
      }
    }
    let most = Number.NEGATIVE_INFINITY;
    for (let right = 0; right < classes; right += 1) most = Math.max(most, scores[right] ?? most);
    for (let right = 0; right < classes; right += 1) {
      const score = scores[right] ?? 0;
      scores[right] = score === Number.NEGATIVE_INFINITY ? 0 : Math.exp(score - most);
    }
    toShares(scores);
    const shares = posteriors[item] ?? scores;
    for (let right = 0; right < classes; right += 1) {
      change = Math.max(change, Math.abs((scores[right] ?? 0) - (shares[right] ?? 0)));
    }
    shares.set(scores);
  });
  return change;
};
