import type { Prediction } from '../domain/prediction.ts';
import { between, checked, wholeNumber } from '../options.ts';
import { type PairAgreement, type PairVote, pairCount } from './agreement-pair.ts';
import { type AgreementRow, agreementRow } from './agreement-row.ts';
import { effectiveVotes } from './effective-votes.ts';

/** Options of {@link agreement}. */
export interface AgreementOptions {
  /** The proportion of agreement, 0..1, from which a pair counts as in step. Default 0.95. */
  readonly inStepFrom?: number;
  /** The fewest questions with votes of both models for a pair to count as in step. Default 20. */
  readonly leastQuestions?: number;
}

/** The agreement among the members of a panel. */
export interface Agreement {
  /** The models, in order of first appearance. */
  readonly models: readonly string[];
  /** The number of questions. */
  readonly questions: number;
  /** The number of questions with a known right answer. */
  readonly labelled: number;
  /** Every pair of models, once, in the order of `models`. */
  readonly pairs: readonly PairAgreement[];
  /**
   * The proportion of questions on which two models agreed, of those on which both voted, 0..1. It has a row and a
   * column for each model, in the order of `models`. `undefined` if two models never voted together.
   */
  readonly matrix: readonly (readonly (number | undefined)[])[];
  /** The mean over the pairs of their `kappa`. */
  readonly meanKappa: number | undefined;
  /** The mean over the pairs of their `errorCorrelation`. */
  readonly meanErrorCorrelation: number | undefined;
  /** The number of independent votes that the panel is worth, from 1 to the number of models that voted. */
  readonly effectiveVotes: number | undefined;
  /** The basis of `effectiveVotes`: `errors` if a right answer is known, otherwise `votes`. */
  readonly basis: 'errors' | 'votes';
  /** The pairs that (almost) always agree, highest agreement first. */
  readonly inStep: readonly PairAgreement[];
}

/** An agreement that is updated with each question and can be read at any time. */
export interface AgreementFold {
  readonly add: (question: Prediction | AgreementRow) => void;
  readonly agreement: () => Agreement;
}

/** The number of different answers that chance agreement distinguishes. */
const MAX_CATEGORIES = 256;

const meanOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
};

/**
 * Collects the agreement of a panel one question at a time, for streams and for votes recorded elsewhere. {@link
 * agreement} is built on it. Memory grows with the square of the number of models, not with the number of questions.
 *
 * @throws {ConfigError} if an option is out of range.
 *
 * @example
 * ```ts
 * import { agreementFold } from 'crucible-ensemble/metrics';
 *
 * const fold = agreementFold();
 * fold.add({ votes: new Map([['a', '4'], ['b', '4']]) });
 * fold.add({ votes: new Map([['a', '4'], ['b', undefined]]) });
 * fold.agreement().pairs.map(({ questions, agreed }) => [questions, agreed]); // => [[1, 1]]
 * ```
 */
export const agreementFold = (options: AgreementOptions = {}): AgreementFold => {
  const { inStepFrom, leastQuestions } = checked('agreement', options, {
    inStepFrom: [between(0, 1), 0.95],
    leastQuestions: [wholeNumber(1), 20],
  });
  const places = new Map<string, number>();
  const categories = new Map<string, number>();
  const voted = new Set<number>();
  /** `pairs[later][earlier]`, by position of the models. */
  const pairs: ReturnType<typeof pairCount>[][] = [];
  let questions = 0;
  let labelled = 0;

  const placeOf = (model: string): number => {
    const known = places.get(model);
    if (known !== undefined) return known;
    const place = places.size;
    places.set(model, place);
    pairs.push(Array.from({ length: place }, pairCount));
    return place;
  };
  const categoryOf = (key: string): number | undefined => {
    if (!categories.has(key) && categories.size < MAX_CATEGORIES) categories.set(key, categories.size);
    return categories.get(key);
  };
  const add = ({ votes, expected }: AgreementRow): void => {
    questions += 1;
    if (expected !== undefined) labelled += 1;
    const cast: (PairVote & { readonly place: number })[] = [];
    for (const [model, key] of votes) {
      const place = placeOf(model);
      if (key === undefined) continue;
      voted.add(place);
      const isWrong = expected === undefined ? undefined : key !== expected;
      cast.push({ place, key, category: categoryOf(key), isWrong });
    }
    cast.sort((a, b) => a.place - b.place);
    for (const [index, later] of cast.entries()) {
      for (const earlier of cast.slice(0, index)) pairs[later.place]?.[earlier.place]?.add(earlier, later);
    }
  };

  const agreement = (): Agreement => {
    const models = [...places.keys()];
    const all = models.flatMap((first, earlier) =>
      models.slice(earlier + 1).flatMap((second, gap) => {
        const count = pairs[earlier + 1 + gap]?.[earlier];
        return count === undefined ? [] : [count.summary([first, second])];
      }),
    );
    const shares = models.map(() => models.map((): number | undefined => 1));
    for (const pair of all) {
      const [row = 0, column = 0] = pair.models.map((model) => places.get(model));
      (shares[row] ?? [])[column] = pair.agreement;
      (shares[column] ?? [])[row] = pair.agreement;
    }
    const meanKappa = meanOf(all.map(({ kappa }) => kappa));
    const meanErrorCorrelation = meanOf(all.map(({ errorCorrelation }) => errorCorrelation));
    const basis = labelled > 0 ? 'errors' : 'votes';
    const correlation = basis === 'errors' ? meanErrorCorrelation : meanKappa;
    return {
      models,
      questions,
      labelled,
      pairs: all,
      matrix: shares,
      meanKappa,
      meanErrorCorrelation,
      effectiveVotes: correlation === undefined ? undefined : effectiveVotes(voted.size, correlation),
      basis,
      inStep: all
        .filter((pair) => pair.questions >= leastQuestions && (pair.agreement ?? 0) >= inStepFrom)
        .toSorted((a, b) => (b.agreement ?? 0) - (a.agreement ?? 0)),
    };
  };

  return {
    add: (question) => add('votes' in question ? question : agreementRow(question)),
    agreement,
  };
};
