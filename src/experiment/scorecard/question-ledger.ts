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
  isDiffering: boolean;
  /** The answers, if there was room to keep them. */
  readonly example: (Omit<DifferingQuestion, 'trials'> & { readonly trials: DifferingTrial[] }) | undefined;
}

/**
 * Compares the results of conditions for the same question, in any order of arrival. If the number of `conditions` is
 * known, a question is released once all of them have arrived.
 */
export const questionLedger = (conditions: number | undefined, maxExamples: number) => {
  const entries = new Map<string, Entry>();
  /** `pairs[later][earlier]`, by position of the conditions. */
  const pairs: ReturnType<typeof comparisonFold>[][] = [];
  const examples: DifferingQuestion[] = [];
  let [differing, held] = [0, 0];

  const pairOf = (earlier: number, later: number): ReturnType<typeof comparisonFold> => {
    pairs[later] ??= [];
    pairs[later][earlier] ??= comparisonFold();
    return pairs[later][earlier];
  };

  const enter = ({ question }: Trial): Entry => {
    const known = entries.get(question.id);
    if (known !== undefined) return known;
    const isHeld = held < MAX_HELD && examples.length < maxExamples && question.expected !== undefined;
    if (isHeld) held += 1;
    const example = isHeld ? { ...differingQuestion(question), trials: [] } : undefined;
    const entry: Entry = { standings: [], count: 0, isDiffering: false, example };
    entries.set(question.id, entry);
    return entry;
  };

  const differ = (entry: Entry): void => {
    entry.isDiffering = true;
    differing += 1;
    if (entry.example !== undefined && examples.length < maxExamples) examples.push(entry.example);
  };

  return {
    add(place: number, trial: Trial): void {
      const entry = enter(trial);
      // If a condition has several trials of a question, only the first is compared.
      if (entry.standings[place] !== undefined) return;
      const { score } = trial;
      const standing = {
        isRight: score === undefined ? undefined : isRight(trial),
        cost: costOf(trial),
      };
      entry.standings.forEach((other, otherPlace) => {
        if (otherPlace < place) pairOf(otherPlace, place).add(other, standing);
        else pairOf(place, otherPlace).add(standing, other);
      });
      entry.standings[place] = standing;
      entry.count += 1;
      entry.example?.trials.push(differingTrial(trial));
      const kinds = new Set(entry.standings.map((each) => each.isRight));
      if (!entry.isDiffering && kinds.has(true) && kinds.has(false)) differ(entry);
      if (entry.count !== conditions) return;
      entries.delete(trial.question.id);
      if (entry.example !== undefined) held -= 1;
    },
    comparison: (first: number, second: number) =>
      first < second ? pairOf(first, second).comparison() : pairOf(second, first).swapped(),
    differing: (): DifferingQuestions => ({
      count: differing,
      examples: examples.map((example) => ({ ...example, trials: [...example.trials] })),
    }),
  };
};
