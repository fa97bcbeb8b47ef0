import type { Trial } from '../trial.ts';
import { comparisonFold, type Standing } from './comparison-fold.ts';
import { costOf, isRight } from './condition-fold.ts';
import { differingQuestion, differingTrial } from './differing-trial.ts';
import type { DifferingQuestion, DifferingQuestions, DifferingTrial } from './scorecard.ts';

/** How many questions are held with what was said to them, in case that conditions come to differ. */
const MAX_HELD = 1000;

/** What is known of a question so far. */
interface Entry {
  /** By the place of the condition. */
  readonly standings: Standing[];
  /** How many conditions have come. */
  count: number;
  isDiffering: boolean;
  /** What was said, where there was still room for it. */
  readonly example: (Omit<DifferingQuestion, 'trials'> & { readonly trials: DifferingTrial[] }) | undefined;
}

/**
 * Brings together what conditions made of the same question, in whatever order they come. A question is let go
 * of once all of `conditions` have come, where it is known how many these are.
 */
export const questionLedger = (conditions: number | undefined, maxExamples: number) => {
  const entries = new Map<string, Entry>();
  /** `pairs[later][earlier]`, by the places of the conditions. */
  const pairs: ReturnType<typeof comparisonFold>[][] = [];
  const examples: DifferingQuestion[] = [];
  let [differing, held] = [0, 0];

  const pairOf = (earlier: number, later: number): ReturnType<typeof comparisonFold> => {
    const row = pairs[later] ?? [];
    pairs[later] = row;
    const pair = row[earlier] ?? comparisonFold();
    row[earlier] = pair;
    return pair;
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
      // A condition that was asked the same question before is not compared a second time.
      if (entry.standings[place] !== undefined) return;
      const { score } = trial;
      const standing = {
        isRight: score === undefined ? undefined : isRight(trial),
        costUsd: costOf(trial).costUsd,
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
