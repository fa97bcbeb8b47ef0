import type { Prediction } from '../domain/prediction.ts';
import { between, faultsOf, refuse, wholeNumber } from '../options.ts';
import { type PairAgreement, type PairCount, type PairVote, pairCount } from './agreement-pair.ts';
import { type AgreementRow, agreementRow } from './agreement-row.ts';
import { effectiveVotes } from './effective-votes.ts';

/** Options of {@link agreement}. */
export interface AgreementOptions {
  /** The share of questions from which on a pair counts as in step, 0..1. Default 0.95. */
  readonly inStepFrom?: number;
  /** The questions that a pair has to have voted on together to count as in step. Default 20. */
  readonly leastQuestions?: number;
}

/** How a panel's votes go together. */
export interface Agreement {
  /** The models, in the order in which they first appear. */
  readonly models: readonly string[];
  /** How many questions were counted, and of how many the right answer is known. */
  readonly questions: number;
  readonly labelled: number;
  /** Every pair of models, once, in the order of `models`. */
  readonly pairs: readonly PairAgreement[];
  /**
   * The share of questions on which two models agreed, of those on which both voted, 0..1: a row and a
   * column for each model, in the order of `models`. `undefined` where two never voted together.
   */
  readonly matrix: readonly (readonly (number | undefined)[])[];
  /** The mean over the pairs of their `kappa`. */
  readonly meanKappa: number | undefined;
  /** The mean over the pairs of their `errorCorrelation`. */
  readonly meanErrorCorrelation: number | undefined;
  /** How many independent votes the panel is worth, from 1 to the number of models that voted. */
  readonly effectiveVotes: number | undefined;
  /** What `effectiveVotes` rests on: `errors` as soon as a right answer is known, `votes` until then. */
  readonly basis: 'errors' | 'votes';
  /** The pairs that (almost) always agree, those that agree most first. */
  readonly inStep: readonly PairAgreement[];
}

/** An agreement that grows with each question, and can be read at any time. */
export interface AgreementFold {
  readonly add: (question: Prediction | AgreementRow) => void;
  readonly agreement: () => Agreement;
}

/** More different answers than these are not told apart when it comes to chance. */
const MAX_CATEGORIES = 256;

const meanOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
};

/**
 * The agreement of a panel, fed one question after the other: what {@link agreement} is made of, for streams
 * and for votes that were recorded elsewhere. Memory grows with the square of the number of models, and not
 * with the number of questions.
 *
 * @throws {ConfigError} for options outside of their ranges.
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
  refuse(faultsOf('agreement', options, { inStepFrom: between(0, 1), leastQuestions: wholeNumber(1) }));
  const { inStepFrom = 0.95, leastQuestions = 20 } = options;
  const places = new Map<string, number>();
  const categories = new Map<string, number>();
  const voted = new Set<number>();
  /** `pairs[later][earlier]`, by the places of the models. */
  const pairs: PairCount[][] = [];
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
