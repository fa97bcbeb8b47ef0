import { bound, checked, reading, shown } from '../../options.ts';

/** A member of a panel with its probabilities of a right vote and of no vote, independent of the other members. */
export interface IndependentMember {
  /** The proportion of questions that it answers right, 0..1. */
  readonly accuracy: number;
  /** The proportion of questions without its vote, 0..1; it is wrong on the rest. Default 0. */
  readonly abstention?: number;
}

/** Options of {@link independentReliability}. */
export interface IndependentReliabilityOptions {
  /**
   * The number of possible answers, from 2; wrong members choose one of the wrong answers at random. `Infinity`: no two
   * wrong votes are equal. Default 2: all wrong votes are equal.
   */
  readonly choices?: number;
}

/**
 * The probability that the plurality of a panel is right if its members err independently, 0..1. The difference to the
 * measured accuracy is the cost of common errors. Members may have different accuracies. If several answers lead, each
 * wins in equal parts; without votes, the result is wrong. Makes no calls.
 *
 * @throws {ConfigError} if a probability is outside of 0..1, or if `choices` is invalid.
 *
 * Formulas: Condorcet's jury theorem (1785), with the Poisson binomial distribution of the right votes, added up member
 * by member; wrong votes by the generating function of the multinomial's maximum.
 *
 * @example
 * ```ts
 * import { independentReliability } from 'crucible-ensemble/experiment';
 *
 * const three = [{ accuracy: 0.9 }, { accuracy: 0.9 }, { accuracy: 0.9 }];
 * independentReliability(three).toFixed(3); // => '0.972'
 * independentReliability(three, { choices: 10 }).toFixed(3); // => '0.980'
 * ```
 */
export const independentReliability = (
  members: readonly IndependentMember[],
  options: IndependentReliabilityOptions = {},
): number => {
  return reading('independentReliability', () => {
    const faults = members.flatMap(({ accuracy, abstention = 0 }) =>
      accuracy >= 0 && abstention >= 0 && accuracy + abstention <= 1 + 1e-12
        ? []
        : [
            `independentReliability: accuracy and abstention must be at least 0, and at most 1 together, but got ${shown(accuracy)} and ${shown(abstention)}`,
          ],
    );
    const { choices } = checked('independentReliability', options, { choices: [bound(2), 2] }, faults);
    return independentPlurality(choices)(members);
  });
};

/**
 * Like {@link independentReliability}, for many panels with the same number of choices, which share intermediate
 * results.
 */
export const independentPlurality = (
  choices: number,
): ((members: readonly IndependentMember[]) => number) => {
  const known = new Map<string, number>();
  const winShare = (right: number, wrong: number): number => {
    const key = `${right}/${wrong}`;
    const share = known.get(key) ?? winShareOf(right, wrong, choices - 1);
    known.set(key, share);
    return share;
  };
  return (members) => {
    let reliability = 0;
    for (const [right, row] of countsOf(members).entries()) {
      for (const [wrong, chance] of row.entries()) {
        if (chance > 0) reliability += chance * winShare(right, wrong);
      }
    }
    return Math.min(1, reliability);
  };
};

/** The probability of each number of right and wrong votes: `counts[right][wrong]`. */
const countsOf = (members: readonly IndependentMember[]): readonly number[][] => {
  const size = members.length + 1;
  let counts = Array.from({ length: size }, () => Array<number>(size).fill(0));
  (counts[0] ?? [])[0] = 1;
  for (const { accuracy, abstention = 0 } of members) {
    const wrongness = Math.max(0, 1 - accuracy - abstention);
    counts = counts.map((row, right) =>
      row.map(
        (chance, wrong) =>
          chance * abstention +
          (counts[right - 1]?.[wrong] ?? 0) * accuracy +
          (row[wrong - 1] ?? 0) * wrongness,
      ),
    );
  }
  return counts;
};

/**
 * The expected part of the right answer in the victory: `Σ_t P(no wrong answer has more than r votes, and t have r) /
 * (t + 1)`. If `t` of `L` wrong answers have r votes and the others fewer, the probability is `w!/L^w` times the
 * coefficient of x^w in `C(L, t) (x^r/r!)^t (Σ_{j<r} x^j/j!)^(L−t)`.
 */
const winShareOf = (right: number, wrong: number, wrongAnswers: number): number => {
  if (right === 0) return 0;
  if (wrong === 0) return 1;
  if (wrongAnswers === Number.POSITIVE_INFINITY) return right > 1 ? 1 : 1 / (1 + wrong);
  const factorial = Array.from({ length: Math.max(right, wrong) + 1 }, () => 1);
  for (let j = 1; j < factorial.length; j += 1) factorial[j] = (factorial[j - 1] ?? 1) * j;
  // x is a vote divided by the number of wrong answers, so that no term grows with it.
  const termOf = (j: number): number => 1 / ((factorial[j] ?? 1) * wrongAnswers ** j);
  const below = Array.from({ length: Math.min(right - 1, wrong) + 1 }, (_, j) => termOf(j));
  let [share, ways] = [0, 1];
  for (let tied = 0; tied <= Math.min(wrongAnswers, Math.floor(wrong / right)); tied += 1) {
    const rest = wrong - tied * right;
    const others = power(below, wrongAnswers - tied, rest)[rest] ?? 0;
    share += (ways * termOf(right) ** tied * others) / (tied + 1);
    ways *= (wrongAnswers - tied) / (tied + 1);
  }
  return Math.min(1, share * (factorial[wrong] ?? 1));
};

/** The power of a polynomial, truncated at a degree. */
const power = (base: readonly number[], exponent: number, degree: number): readonly number[] => {
  if (exponent === 0) return [1];
  const half = power(base, Math.floor(exponent / 2), degree);
  const square = times(half, half, degree);
  return exponent % 2 === 0 ? square : times(square, base, degree);
};

const times = (one: readonly number[], other: readonly number[], degree: number): readonly number[] => {
  const product = Array<number>(Math.min(degree, one.length + other.length - 2) + 1).fill(0);
  for (const [i, a] of one.entries()) {
    for (const [j, b] of other.entries()) {
      if (i + j < product.length) product[i + j] = (product[i + j] ?? 0) + a * b;
    }
  }
  return product;
};
