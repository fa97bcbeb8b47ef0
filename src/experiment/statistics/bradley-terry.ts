import { isObject } from '../../domain/is-object.ts';
import { checked, reading, refuse, shown, suchThat } from '../../options.ts';
import { type Estimate, type IntervalOptions, intervalSpecs } from './interval.ts';
import { normalQuantile } from './normal-quantile.ts';

/** A comparison of two competitors. */
export interface PairResult {
  readonly first: string;
  readonly second: string;
  /** Which of them won; a tie counts as half a win for each. */
  readonly winner: 'first' | 'second' | 'tie';
}

/** Options of {@link bradleyTerry}. */
export interface BradleyTerryOptions extends IntervalOptions {
  /**
   * How many ties with an average competitor are added for each one, at least 0. A small number, such as 0.5, gives strengths to
   * competitors that always won or lost, and draws all strengths to 0. Default 0: the greatest likelihood.
   */
  readonly prior?: number;
}

/** The strength of a competitor. */
export interface Strength {
  readonly name: string;
  /**
   * On a logarithmic scale, with mean 0 over all competitors: one that is stronger by `d` wins with the probability
   * `1 / (1 + exp(-d))`. `undefined` if the comparisons do not determine it.
   */
  readonly strength: Estimate | undefined;
  /** The number of comparisons, and of wins; a tie is half a win. */
  readonly comparisons: number;
  readonly wins: number;
}

/**
 * The strengths of competitors, such as models or prompts, from comparisons of two at a time: the model of Bradley and Terry.
 * Returns them with the strongest first.
 *
 * The comparisons determine strengths only if, however the competitors are divided into two groups, each group has won against
 * the other. Otherwise a strength would be infinite, and all of them are `undefined`; `prior` helps.
 *
 * An interval is that of the difference to the mean of all, from the curvature of the likelihood, and assumes independent
 * comparisons. Makes no calls. Takes time in proportion to the cube of the number of competitors.
 *
 *
 * Formula: R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 39 (1952), by Newton's
 * method; when strengths exist: L. R. Ford, American Mathematical Monthly 64 (1957).
 *
 * @example
 * ```ts
 * import { bradleyTerry } from 'crucible-ensemble/experiment';
 *
 * const won = (winner: 'first' | 'second', times: number) =>
 *   Array.from({ length: times }, () => ({ first: 'new', second: 'old', winner }));
 * const [best] = bradleyTerry([...won('first', 30), ...won('second', 10)]);
 * best?.name; // => 'new'
 * // It wins three of four: the difference of both strengths is ln 3.
 * (2 * (best?.strength?.value ?? 0)).toFixed(3); // => '1.099'
 * best?.strength?.low.toFixed(2); // => '0.19'
 * ```
 */
export const bradleyTerry = (
  results: Iterable<PairResult>,
  options: BradleyTerryOptions = {},
): readonly Strength[] =>
  reading('bradleyTerry', () => {
    const { prior, confidence } = checked('bradleyTerry', options, {
      ...intervalSpecs,
      prior: [
        suchThat('a number of at least 0', (value) => Number.isFinite(value) && (value as number) >= 0),
        0,
      ],
    });
    const places = new Map<string, number>();
    const placeOf = (name: string): number => {
      const place = places.get(name) ?? places.size;
      places.set(name, place);
      return place;
    };
    const games = Array.from(results, (result) => {
      refuse(faultsOf(result));
      const { first, second, winner } = result;
      return { first: placeOf(first), second: placeOf(second), won: POINTS[winner] };
    });
    const names = [...places.keys()];
    const wins = names.map(() => names.map(() => 0));
    for (const { first, second, won } of games) {
      (wins[first] as number[])[second] = (wins[first]?.[second] as number) + won;
      (wins[second] as number[])[first] = (wins[second]?.[first] as number) + 1 - won;
    }
    const fit = prior > 0 || isDetermined(wins) ? fitted(wins, prior) : undefined;
    const z = normalQuantile((1 + confidence) / 2);
    return names
      .map((name, place): Strength => {
        const value = fit?.strengths[place];
        const half = z * Math.sqrt(fit?.variances[place] ?? 0);
        const won = sumOf(wins[place] as number[]);
        return {
          name,
          strength: value === undefined ? undefined : { value, low: value - half, high: value + half },
          comparisons: won + sumOf(wins.map((row) => row[place] as number)),
          wins: won,
        };
      })
      .sort((a, b) => (b.strength?.value ?? 0) - (a.strength?.value ?? 0) || shareOf(b) - shareOf(a));
  });

const POINTS = { first: 1, second: 0, tie: 0.5 } as const;

const faultsOf = (result: unknown): readonly string[] => {
  const { first, second, winner } = (isObject(result) ? result : {}) as Partial<
    Record<keyof PairResult, unknown>
  >;
  const isName = (value: unknown): boolean => typeof value === 'string';
  return isName(first) && isName(second) && first !== second && Object.hasOwn(POINTS, String(winner))
    ? []
    : [
        `bradleyTerry: expected { first, second, winner } with two different names and 'first', 'second' or 'tie', but got ${shown(result)}`,
      ];
};

const shareOf = ({ wins, comparisons }: Strength): number => wins / comparisons;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Whether each competitor can be reached from each other one along wins. */
const isDetermined = (wins: readonly (readonly number[])[]): boolean => {
  const reaches = (beats: (one: number, other: number) => boolean): boolean => {
    const seen = new Set(wins.length === 0 ? [] : [0]);
    for (const one of seen) for (const other of wins.keys()) if (beats(one, other)) seen.add(other);
    return seen.size === wins.length;
  };
  return (
    reaches((one, other) => (wins[one]?.[other] as number) > 0) &&
    reaches((one, other) => (wins[other]?.[one] as number) > 0)
  );
};

const MAX_STEPS = 200;

/** The strengths of the greatest likelihood, with mean 0, and the variances of their differences to that mean. */
const fitted = (wins: readonly (readonly number[])[], prior: number) => {
  const won = wins.map(sumOf);
  let strengths = wins.map(() => 0);
  let information: readonly number[][] = [];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const chance = (one: number, other: number): number =>
      1 / (1 + Math.exp((strengths[other] as number) - (strengths[one] as number)));
    const gamesOf = (one: number, other: number): number =>
      (wins[one]?.[other] as number) + (wins[other]?.[one] as number);
    const gradient = wins.map((_, one) => {
      const expected = sumOf(wins.map((__, other) => gamesOf(one, other) * chance(one, other)));
      return (won[one] as number) - expected + prior * (0.5 - logistic(strengths[one] as number));
    });
    information = wins.map((_, one) =>
      wins.map((__, other) => {
        if (one !== other) return -gamesOf(one, other) * chance(one, other) * chance(other, one);
        const own = logistic(strengths[one] as number);
        return (
          prior * own * (1 - own) +
          sumOf(wins.map((___, third) => gamesOf(one, third) * chance(one, third) * chance(third, one)))
        );
      }),
    );
    const move = solve(regular(information, prior), gradient);
    const largest = Math.max(0, ...move.map(Math.abs));
    // A bounded step, because the likelihood is flat far from its top.
    const scale = largest > 1 ? 1 / largest : 1;
    strengths = strengths.map((strength, place) => strength + scale * (move[place] as number));
    if (largest < 1e-12) break;
  }
  const system = regular(information, prior);
  const covariances = wins.map((_, place) =>
    solve(
      system,
      wins.map((__, other) => Number(place === other)),
    ),
  );
  const means = covariances.map(meanOf);
  return {
    strengths: strengths.map((strength) => strength - meanOf(strengths)),
    variances: covariances.map((row, place) =>
      Math.max(0, (row[place] as number) - 2 * (means[place] as number) + meanOf(means)),
    ),
  };
};

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;

/**
 * Without a prior, only differences count, so that the information is singular along the vector of ones. Adding 1/n to each
 * element makes it regular, and changes no difference.
 */
const regular = (
  information: readonly (readonly number[])[],
  prior: number,
): readonly (readonly number[])[] =>
  prior > 0 ? information : information.map((row) => row.map((value) => value + 1 / information.length));

/** Solves a symmetric positive definite system by the decomposition of Cholesky. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] => {
  const lower: number[][] = [];
  const dot = (one: readonly number[], other: readonly number[], length: number): number => {
    let sum = 0;
    for (let place = 0; place < length; place += 1) sum += (one[place] as number) * (other[place] as number);
    return sum;
  };
  matrix.forEach((row, i) => {
    const own: number[] = [];
    lower.push(own);
    for (let j = 0; j <= i; j += 1) {
      const rest = (row[j] as number) - dot(own, lower[j] as number[], j);
      own.push(i === j ? Math.sqrt(Math.max(rest, Number.MIN_VALUE)) : rest / (lower[j]?.[j] as number));
    }
  });
  const forward: number[] = [];
  lower.forEach((row, i) => {
    forward.push(((right[i] as number) - dot(row, forward, i)) / (row[i] as number));
  });
  const solution = [...forward];
  for (let i = lower.length - 1; i >= 0; i -= 1) {
    for (let j = i + 1; j < lower.length; j += 1)
      solution[i] = (solution[i] as number) - (lower[j]?.[i] as number) * (solution[j] as number);
    solution[i] = (solution[i] as number) / (lower[i]?.[i] as number);
  }
  return solution;
};
