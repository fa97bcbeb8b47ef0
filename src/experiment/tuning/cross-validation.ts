import type { BallotTable } from './ballot-table.ts';
import { fitPanel, playPanelInSteps, type Recipe } from './fitted-panel.ts';
import type { Fold } from './folds.ts';
import { type Course, emptyCourse } from './play.ts';

/** Fits a recipe on each fold's lesson, and plays it on the rows that the fold holds out. */
export function* crossValidate(
  table: BallotTable,
  recipe: Recipe,
  folds: readonly Fold[],
): Generator<unknown, Course> {
  const course = emptyCourse(table.rows.length);
  for (const { held, lesson } of folds) {
    yield* playPanelInSteps(table, held, yield* fitPanel(table, recipe, lesson), course);
    yield;
  }
  return course;
}
