import type { BallotTable } from './ballot-table.ts';
import type { Lesson } from './candidate.ts';
import { type ChoiceOptions, choose } from './choose.ts';
import { crossValidate } from './cross-validation.ts';
import { sumOf } from './expectation.ts';
import { type FittedPanel, fitPanel, playPanel } from './fitted-panel.ts';
import { type Fold, foldsOf } from './folds.ts';
import { learnedVoter } from './learned-voter.ts';
import { type Course, emptyCourse, play } from './play.ts';
import { scaled } from './work.ts';

/** Returns the place of the most accurate model. */
export const mostAccurate = ({ accuracies }: Lesson): number => accuracies.indexOf(Math.max(...accuracies));

/** The whole choice, repeated without each part of the rows. */
export interface Rehearsal {
  /** What was chosen without each part. */
  readonly choices: readonly FittedPanel[];
  /** For each of them: its cross-validation on the other rows, by which it was chosen. */
  readonly promised: readonly Course[];
  /** The results of each part, with what was chosen without it. */
  readonly delivered: Course;
  /** 1 if the single model that was most accurate on the other rows is right. */
  readonly singleRight: Uint8Array;
}

/** Repeats the whole choice without each part of the rows, and tries it on that part. Yields the share that is done. */
export function* rehearse(
  table: BallotTable,
  parts: readonly Fold[],
  options: ChoiceOptions,
): Generator<number, Rehearsal> {
  const delivered = emptyCourse(table.rows.length);
  const singleRight = new Uint8Array(table.rows.length);
  const choices: FittedPanel[] = [];
  const promised: Course[] = [];
  for (const [index, { held, lesson }] of parts.entries()) {
    const folds = foldsOf(table, lesson.rows, parts.length, `tune/${options.seed}/inner`);
    const work = choose(table, { lesson, folds }, options);
    const { recipe } = yield* scaled(work, index / parts.length, (index + 1) / parts.length);
    const panel = fitPanel(table, recipe, lesson);
    choices.push(panel);
    promised.push(crossValidate(table, recipe, folds));
    playPanel(table, held, panel, delivered);
    const single = mostAccurate(lesson);
    for (const row of held) {
      const { answers, isRight } = table.rows[row] ?? { answers: [], isRight: [] };
      singleRight[row] = isRight[answers[single] ?? -1] ? 1 : 0;
    }
  }
  return { choices, promised, delivered, singleRight };
}

/** Counts the rows that the plurality of all models gets right; a tie goes to the first model. */
export const pluralityRight = (table: BallotTable): number => {
  const course = emptyCourse(table.rows.length);
  const order = Array.from(table.models.keys());
  const learned = learnedVoter({ rule: 'majority' }, table.models);
  const execution = { schedule: 'parallel', stop: 'never' } as const;
  play(table, Array.from(table.rows.keys()), { order, learned }, [{ execution, course }]);
  return sumOf(course.right);
};
