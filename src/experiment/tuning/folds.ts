import { drawsFor } from '../../models/random.ts';
import type { BallotTable } from './ballot-table.ts';
import { type Lesson, lessonFrom } from './candidate.ts';

/** The held-out rows of a fold, and what was learned from all other rows. */
export interface Fold {
  readonly held: readonly number[];
  readonly lesson: Lesson;
}

/** Shuffles rows and deals them into folds. */
export const deal = (rows: readonly number[], folds: number, seed: string): number[][] => {
  const draw = drawsFor(seed);
  const shuffled = rows
    .map((row) => ({ row, priority: draw() }))
    .sort((a, b) => a.priority - b.priority || a.row - b.row);
  const dealt = Array.from({ length: folds }, (): number[] => []);
  shuffled.forEach(({ row }, index) => {
    dealt[index % folds]?.push(row);
  });
  return dealt;
};

/** Deals rows into folds, each with the lesson from the other ones, with a pause after each. */
export function* foldsOf(
  table: BallotTable,
  rows: readonly number[],
  folds: number,
  seed: string,
): Generator<unknown, readonly Fold[]> {
  const dealt = deal(rows, folds, seed);
  const made: Fold[] = [];
  for (const held of dealt) {
    yield;
    made.push({ held, lesson: lessonFrom(table, dealt.filter((part) => part !== held).flat()) });
  }
  return made;
}
