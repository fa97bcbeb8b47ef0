import { bound, checked, shown } from '../../options.ts';

/** A member of a panel that is right, and silent, in so many cases, whatever the others say. */
export interface IndependentMember {
  /** The share of questions that it answers right, 0..1. */
  readonly accuracy: number;
  /** The share of questions that it does not vote on, 0..1; it is wrong on the rest. Default 0. */
  readonly abstention?: number;
}

/** Options of {@link independentReliability}. */
export interface IndependentReliabilityOptions {
  /**
   * How many answers a question has to choose from, from 2; wrong members pick one of the others at random.
   * `Infinity`: no two are ever wrong in the same way. Default 2: all wrong votes are for the same answer.
   */
  readonly choices?: number;
}

/**
 * How often the plurality of a panel would be right if its members erred independently of one another, 0..1: what
 * is lost of it in truth is the price of errors in common. Members need not be equally good. Several leading
 * answers are each the winner in equal parts; where nobody votes, nothing is right. Costs no calls.
 *
 * @throws {ConfigError} for shares outside of 0..1, and for choices that are none.
 *
 * Formulas: Condorcet's jury theorem (1785), with the Poisson binomial distribution of the right votes, added up
 * member by member; wrong votes by the generating function of the multinomial's maximum.
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
  const faults = members.flatMap(({ accuracy, abstention = 0 }) =>
    accuracy >= 0 && abstention >= 0 && accuracy + abstention <= 1 + 1e-12
      ? []
      : [
          `independentReliability: accuracy and abstention must be from 0 on and at most 1 together, but got ${shown(accuracy)} and ${shown(abstention)}`,
        ],
  );
  const { choices } = checked('independentReliability', options, { choices: [bound(2), 2] }, faults);
  return independentPlurality(choices)(members);
};

/** The same for many panels with as many choices, which share what is worked out. */
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

/** How likely each number of right and of wrong votes is: `counts[right][wrong]`. */
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
 * The expected part of the right answer in the victory: `Σ_t P(no wrong answer has more than r votes, and t have
 * r) / (t + 1)`. With `t` of `L` wrong answers at r and the others below, the chance is `w!/L^w` times the
 * coefficient of x^w in `C(L, t) (x^r/r!)^t (Σ_{j<r} x^j/j!)^(L−t)`.
 */
const winShareOf = (right: number, wrong: number, wrongAnswers: number): number => {
  if (right === 0) return 0;
  if (wrong === 0) return 1;
  if (wrongAnswers === Number.POSITIVE_INFINITY) return right > 1 ? 1 : 1 / (1 + wrong);
  const factorial = Array.from({ length: Math.max(right, wrong) + 1 }, () => 1);
  for (let j = 1; j < factorial.length; j += 1) factorial[j] = (factorial[j - 1] ?? 1) * j;
  // x stands for a vote over the number of wrong answers, so that nothing grows with it.
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

/** A power of a polynomial, up to a degree. */
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
