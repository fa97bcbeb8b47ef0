import { given } from '../../domain/given.ts';
import { acceptanceFor, mostCovering } from './accepting-share.ts';
import type { BallotTable } from './ballot-table.ts';
import { type Candidate, type Lesson, orderOf } from './candidate.ts';
import type { Contender } from './contender.ts';
import type { Recipe } from './fitted-panel.ts';
import type { Fold } from './folds.ts';
import type { Aim } from './panel.ts';
import { emptyCourse, playInSteps } from './play.ts';
import { select } from './select.ts';
import { pausing } from './work.ts';

/** The rows that a choice is made by: what all of them teach, and the folds of its cross-validation. */
export interface Ground {
  readonly lesson: Lesson;
  readonly folds: readonly Fold[];
}

/** A chosen recipe. */
export interface Choice {
  readonly recipe: Recipe;
  /** The number of candidates that were compared. */
  readonly compared: number;
}

/**
 * Chooses a recipe by the rows of a ground. A generator because it may take seconds: it yields the share of its work that is
 * done, so that its caller may pause.
 */
export type Chooser = (ground: Ground) => Generator<number, Choice>;

/** Whether an aim is about the answers that are given, so that a panel may withhold some. */
export const isForCoverage = (aim: Aim): aim is Extract<Aim, { maximize: 'coverage' }> =>
  'maximize' in aim && aim.maximize === 'coverage';

/** Makes the chooser that compares some candidates by cross-validation. */
export const chooserAmong = (table: BallotTable, candidates: readonly Candidate[], aim: Aim): Chooser =>
  function* ({ lesson, folds }) {
    const models = table.models.length;
    const rows = table.rows.length;
    const unread = isForCoverage(aim) ? undefined : new Float64Array(rows);
    const contenders = candidates.map(
      (candidate): Contender => ({ candidate, course: emptyCourse(rows, unread) }),
    );
    for (const share of playAll(table, folds, contenders, isForCoverage(aim))) yield 0.8 * share;
    const compared = contenders.length;
    if (!isForCoverage(aim)) {
      const { candidate } = yield* pausing(0.8, select(contenders, lesson.rows, aim, models));
      return { recipe: { candidate }, compared };
    }
    const finalists = yield* pausing(0.8, mostCovering(contenders, lesson.rows, aim.minPrecision, models));
    const accepting: Contender[] = [];
    for (const [index, contender] of finalists.entries()) {
      const acceptance = yield* pausing(
        0.8 + (0.2 * index) / finalists.length,
        acceptanceFor(contender, table, { folds, lesson }, aim.minPrecision),
      );
      accepting.push({ ...contender, acceptance });
    }
    const { candidate, acceptance } = yield* pausing(1, select(accepting, lesson.rows, aim, models));
    return { recipe: { candidate, ...given({ acceptShare: acceptance?.share }) }, compared };
  };

const atOnce = { schedule: 'parallel', stop: 'never' } as const;

/** Plays all contenders; those with the same members, rule and order, which differ only in their stop rule, together. */
function* playAll(
  table: BallotTable,
  folds: readonly Fold[],
  contenders: readonly Contender[],
  isInFull: boolean,
): Generator<number, void> {
  const panels = Map.groupBy(contenders, ({ candidate: { members, rule, strong, execution } }) =>
    [rule, members, strong, execution.schedule].join('/'),
  );
  let played = 0;
  for (const panel of panels.values()) {
    const { candidate } = panel[0] as Contender;
    const runs = panel.map(({ candidate, course }) => ({
      execution: isInFull ? atOnce : candidate.execution,
      course,
    }));
    for (const { held, lesson } of folds) {
      const order = orderOf(candidate, table, lesson);
      const learned = yield* pausing(played / panels.size, lesson.voterOf(candidate));
      const panel = { order, learned: isInFull ? learned : { ...learned, surenessOf: () => 0 } };
      yield* pausing(played / panels.size, playInSteps(table, held, panel, runs));
      yield played / panels.size;
    }
    played += 1;
    yield played / panels.size;
  }
}
