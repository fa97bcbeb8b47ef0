/** The agreement of two models. */
export interface PairAgreement {
  readonly models: readonly [string, string];
  /** The number of questions on which both voted; the numbers below are computed over these. */
  readonly questions: number;
  /** The number of these questions to which both gave the same answer. */
  readonly agreed: number;
  /** `agreed / questions`, 0..1; `undefined` if they never voted together. */
  readonly agreement: number | undefined;
  /**
   * Agreement beyond chance, at most 1: Cohen's kappa, `(p - c) / (1 - c)`. c is how often the two would agree if each
   * gave its answers at random in the same proportions. `undefined` if c is 1, or if they never voted together.
   */
  readonly kappa: number | undefined;
  /**
   * The correlation of their errors, -1..1 (the phi coefficient), over the questions with a known right answer.
   * `undefined` if one of them is always right or always wrong.
   */
  readonly errorCorrelation: number | undefined;
}

/** One model's vote on a question: its answer and, if the right answer is known, whether it is wrong. */
export interface PairVote {
  readonly key: string;
  /** The number of the answer, for chance agreement; `undefined` for answers beyond the distinguished ones. */
  readonly category: number | undefined;
  readonly isWrong: boolean | undefined;
}

/** Counts the votes of two models over many questions, in memory for each distinguished answer. */
export const pairCount = () => {
  const proportions = new Map<number, [number, number]>();
  const countOf = (category: number | undefined): [number, number] => {
    const counts = (category === undefined ? undefined : proportions.get(category)) ?? [0, 0];
    if (category !== undefined) proportions.set(category, counts);
    return counts;
  };
  let questions = 0;
  let agreed = 0;
  let labelled = 0;
  let firstWrong = 0;
  let secondWrong = 0;
  let bothWrong = 0;

  const kappa = (): number | undefined => {
    let byChance = 0;
    for (const [first, second] of proportions.values()) byChance += first * second;
    const chance = byChance / questions ** 2;
    return questions === 0 || chance === 1 ? undefined : (agreed / questions - chance) / (1 - chance);
  };
  const errorCorrelation = (): number | undefined => {
    const spread = firstWrong * (labelled - firstWrong) * secondWrong * (labelled - secondWrong);
    return spread === 0 ? undefined : (labelled * bothWrong - firstWrong * secondWrong) / Math.sqrt(spread);
  };

  return {
    add(first: PairVote, second: PairVote): void {
      questions += 1;
      if (first.key === second.key) agreed += 1;
      countOf(first.category)[0] += 1;
      countOf(second.category)[1] += 1;
      if (first.isWrong === undefined || second.isWrong === undefined) return;
      labelled += 1;
      if (first.isWrong) firstWrong += 1;
      if (second.isWrong) secondWrong += 1;
      if (first.isWrong && second.isWrong) bothWrong += 1;
    },
    summary: (models: readonly [string, string]): PairAgreement => ({
      models,
      questions,
      agreed,
      agreement: questions === 0 ? undefined : agreed / questions,
      kappa: kappa(),
      errorCorrelation: errorCorrelation(),
    }),
  };
};
