/** A vote: who gave it, and for which class, both by number. */
export type RaterVote = readonly [rater: number, given: number];

/** Options of {@link dawidSkene}. */
export interface DawidSkeneOptions {
  readonly raters: number;
  readonly classes: number;
  /** Votes that each cell of a matrix begins with; 0 is the estimate of maximum likelihood. Default 0. */
  readonly smoothing?: number;
  /** Ends when no probability of a class changes by more than this. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxIterations?: number;
}

/** What is estimated without knowing one right answer. */
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
 * Who tends to say what, and which class each item probably is, from votes alone: expectation maximisation from
 * the shares of the votes. A rater may vote on an item several times, or not at all.
 *
 * Source: Dawid and Skene, Maximum likelihood estimation of observer error-rates using the EM algorithm (1979),
 * equations 2.3 to 2.5 and 3.1.
 */
export const dawidSkene = (
  items: readonly (readonly RaterVote[])[],
  { raters, classes, smoothing = 0, tolerance = 1e-6, maxIterations = 200 }: DawidSkeneOptions,
): DawidSkeneEstimate => {
  const range = Array.from({ length: classes }, (_, index) => index);
  let posteriors = items.map((votes) =>
    sharesOf(range.map((k) => votes.filter(([, given]) => given === k).length)),
  );
  for (let iterations = 1; ; iterations += 1) {
    const prior = sharesOf(
      range.map((k) => posteriors.reduce((sum, shares) => sum + (shares[k] ?? 0), smoothing)),
    );
    const likelihoods = matricesOf(items, posteriors, { raters, range, smoothing });
    const next = items.map((votes) => posteriorOf(votes, prior, likelihoods));
    const change = next.reduce(
      (most, shares, item) =>
        Math.max(most, ...shares.map((share, k) => Math.abs(share - (posteriors[item]?.[k] ?? 0)))),
      0,
    );
    posteriors = next;
    if (change <= tolerance || iterations >= maxIterations)
      return { prior, likelihoods, posteriors, iterations };
  }
};

/** Shares that sum to 1: all alike where there is nothing. */
const sharesOf = (counts: readonly number[]): number[] => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 1 / counts.length : count / total));
};

interface Shape {
  readonly raters: number;
  readonly range: readonly number[];
  readonly smoothing: number;
}

const matricesOf = (
  items: readonly (readonly RaterVote[])[],
  posteriors: readonly (readonly number[])[],
  { raters, range, smoothing }: Shape,
): number[][][] => {
  const counts = Array.from({ length: raters }, () => range.map(() => range.map(() => smoothing)));
  items.forEach((votes, item) => {
    const shares = posteriors[item] ?? [];
    for (const [rater, given] of votes) {
      for (const right of range) {
        const row = counts[rater]?.[right];
        if (row !== undefined) row[given] = (row[given] ?? 0) + (shares[right] ?? 0);
      }
    }
  });
  return counts.map((rows) => rows.map(sharesOf));
};

/** In logarithms: the product of many likelihoods is too small a number. */
const posteriorOf = (
  votes: readonly RaterVote[],
  prior: readonly number[],
  likelihoods: readonly (readonly (readonly number[])[])[],
): number[] => {
  const scores = prior.map((share, right) =>
    votes.reduce(
      (sum, [rater, given]) => sum + Math.log(likelihoods[rater]?.[right]?.[given] ?? 0),
      Math.log(share),
    ),
  );
  const most = Math.max(...scores);
  return sharesOf(scores.map((score) => (score === Number.NEGATIVE_INFINITY ? 0 : Math.exp(score - most))));
};
