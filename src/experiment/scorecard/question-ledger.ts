import { NoPredictionError } from '../../domain/no-prediction.ts';
import { leftOutOf } from '../left-out.ts';
import { costOf, isRight, type Trial } from '../trial.ts';
import { comparisonFold, type Standing } from './comparison-fold.ts';
import { differingQuestion, differingTrial } from './differing-trial.ts';
import type { DifferingQuestion, DifferingQuestions, DifferingTrial } from './scorecard.ts';

/** The largest number of questions that are kept with their answers in case conditions differ. */
const MAX_HELD = 1000;

/** The state of a question. */
interface Entry {
  /** By position of the condition. */
  readonly standings: Standing[];
  /** The number of conditions that were added. */
  count: number;
  /** The difference that the question counts with, if its conditions differ. */
  difference: Difference | undefined;
  /** The answers, if there was room to keep them. */
  readonly example: (Omit<DifferingQuestion, 'trials'> & { readonly trials: DifferingTrial[] }) | undefined;
}

/** Questions on which the same conditions have no prediction, and all others with a score are right. */
interface Difference {
  /** The positions of these conditions; empty if a prediction is wrong. */
  readonly unanswered: readonly number[];
  count: number;
}

/**
 * Compares the results of conditions for the same question, in any order of arrival. If the number of `conditions` is
 * known, a question is released once all of them have arrived.
 */
export const questionLedger = (conditions: number | undefined, maxExamples: number) => {
  const entries = new Map<string, Entry>();
  /** `pairs[later][earlier]`, by position of the conditions. */
  const pairs: ReturnType<typeof comparisonFold>[][] = [];
  const examples: { readonly entry: Entry; readonly example: DifferingQuestion }[] = [];
  const differences = new Map<string, Difference>();
  /** The examples in which a prediction is wrong, and those in which only predictions are missing. */
  const kept = { wrong: 0, missing: 0 };
  let held = 0;

  const pairOf = (earlier: number, later: number): ReturnType<typeof comparisonFold> => {
    pairs[later] ??= [];
    pairs[later][earlier] ??= comparisonFold();
    return pairs[later][earlier];
  };

  const enter = ({ question }: Trial): Entry => {
    const known = entries.get(question.id);
    if (known !== undefined) return known;
    const isHeld = held < MAX_HELD && kept.wrong < maxExamples && question.expected !== undefined;
    if (isHeld) held += 1;
    const example = isHeld ? { ...differingQuestion(question), trials: [] } : undefined;
    const entry: Entry = { standings: [], count: 0, difference: undefined, example };
    entries.set(question.id, entry);
    return entry;
  };

  const differenceOf = (unanswered: readonly number[]): Difference => {
    const key = unanswered.join();
    const known = differences.get(key) ?? { unanswered, count: 0 };
    differences.set(key, known);
    return known;
  };

  /** Counts the question with the difference of its standings, which may change with each condition that arrives. */
  const recount = (entry: Entry): void => {
    const unanswered = differenceIn(entry.standings);
    if (unanswered === undefined) return;
    const kind = unanswered.length === 0 ? 'wrong' : 'missing';
    if (entry.difference === undefined && entry.example !== undefined && kept[kind] < maxExamples) {
      kept[kind] += 1;
      examples.push({ entry, example: entry.example });
    }
    if (entry.difference !== undefined) entry.difference.count -= 1;
    entry.difference = differenceOf(unanswered);
    entry.difference.count += 1;
  };

  return {
    add(place: number, trial: Trial): void {
      const entry = enter(trial);
      // If a condition has several trials of a question, only the first is compared.
      if (entry.standings[place] !== undefined) return;
      const standing = standingOf(trial);
      entry.standings.forEach((other, otherPlace) => {
        if (otherPlace < place) pairOf(otherPlace, place).add(other, standing);
        else pairOf(place, otherPlace).add(standing, other);
      });
      entry.standings[place] = standing;
      entry.count += 1;
      entry.example?.trials.push(differingTrial(trial));
      recount(entry);
      if (entry.count !== conditions) return;
      entries.delete(trial.question.id);
      if (entry.example !== undefined) held -= 1;
    },
    comparison: (first: number, second: number) =>
      first < second ? pairOf(first, second).comparison() : pairOf(second, first).swapped(),
    /** The differing questions, without those on which only conditions that failed as a whole differ. */
    differing(hasAnswered: (place: number) => boolean): DifferingQuestions {
      const isReal = ({ unanswered }: Difference): boolean =>
        unanswered.length === 0 || unanswered.some(hasAnswered);
      return {
        count: [...differences.values()].filter(isReal).reduce((sum, { count }) => sum + count, 0),
        examples: examples
          .filter(({ entry: { difference } }) => difference !== undefined && isReal(difference))
          .slice(0, maxExamples)
          .map(({ example }) => ({ ...example, trials: [...example.trials] })),
      };
    },
  };
};

const standingOf = (trial: Trial): Standing => ({
  isLeftOut: leftOutOf(trial) !== undefined,
  isRight: trial.score === undefined ? undefined : isRight(trial),
  isAnswered: !(trial.result instanceof NoPredictionError),
  cost: costOf(trial),
});

/** The positions of the conditions without a prediction that differ from right ones; empty if a prediction differs too. */
const differenceIn = (standings: readonly Standing[]): readonly number[] | undefined => {
  const kinds = new Set(standings.map((standing) => standing?.isRight));
  if (!kinds.has(true) || !kinds.has(false)) return undefined;
  const wrong = standings.flatMap((standing, place) => (standing?.isRight === false ? [place] : []));
  return wrong.some((place) => standings[place]?.isAnswered) ? [] : wrong;
};
