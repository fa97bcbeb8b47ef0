import type { BallotTable } from './ballot-table.ts';
import type { Chooser, Ground } from './choose.ts';
import { crossValidate } from './cross-validation.ts';
import type { Evidence } from './expectation.ts';
import { type FittedPanel, fitPanel, playPanelInSteps, type Recipe } from './fitted-panel.ts';
import { foldsOf } from './folds.ts';
import { type Course, emptyCourse } from './play.ts';
import { pausing, scaled } from './work.ts';

/** The rows of a table, and for each part of them the ground that is left without it. */
export interface Grounds extends Ground {
  readonly parts: readonly (Ground & { readonly held: readonly number[] })[];
}

/** Makes the grounds for nested cross-validation; all choosers share them, so that they are compared on the same rows. */
export function* groundsOf(
  table: BallotTable,
  { lesson, folds }: Ground,
  seed: number | string,
): Generator<unknown, Grounds> {
  const parts: Grounds['parts'][number][] = [];
  for (const { held, lesson } of folds) {
    const inner = yield* foldsOf(table, lesson.rows, folds.length, `tune/${seed}/inner`);
    parts.push({ held, lesson, folds: inner });
  }
  return { lesson, folds, parts };
}

/** What a chooser chooses, and what is known of it. */
export interface Assessed {
  readonly recipe: Recipe;
  /** The number of candidates that were compared. */
  readonly compared: number;
  /** What was chosen without each part. */
  readonly choices: readonly FittedPanel[];
  readonly evidence: Evidence;
}

/**
 * Lets a chooser choose by all rows, and again without each part, and tries the latter choices on that part. Yields the share
 * that is done.
 */
export function* assess(table: BallotTable, grounds: Grounds, choose: Chooser): Generator<number, Assessed> {
  const { folds, parts } = grounds;
  const share = 1 / (parts.length + 1);
  const { recipe, compared } = yield* scaled(choose(grounds), 0, share);
  const delivered = emptyCourse(table.rows.length);
  const choices: FittedPanel[] = [];
  const promised: Course[] = [];
  for (const [index, part] of parts.entries()) {
    const choice = yield* scaled(choose(part), (index + 1) * share, (index + 2) * share);
    const done = (index + 2) * share;
    const panel = yield* pausing(done, fitPanel(table, choice.recipe, part.lesson));
    choices.push(panel);
    promised.push(yield* pausing(done, crossValidate(table, choice.recipe, part.folds)));
    yield* pausing(done, playPanelInSteps(table, part.held, panel, delivered));
  }
  const chosen = yield* pausing(1, crossValidate(table, recipe, folds));
  return {
    recipe,
    compared,
    choices,
    evidence: { candidate: recipe.candidate, folds, chosen, promised, delivered },
  };
}
