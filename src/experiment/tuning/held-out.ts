import { given } from '../../domain/given.ts';
import type { BallotTable } from './ballot-table.ts';
import { type Lesson, lessonFrom, orderOf } from './candidate.ts';
import { type ChoiceOptions, choose, deal } from './choose.ts';
import { type HeldOut, sumOf } from './expectation.ts';
import { learnedVoter } from './learned-voter.ts';
import type { Panel } from './panel.ts';
import { emptyCourse, play } from './play.ts';
import { voterOfMembers } from './rules.ts';
import type { Selection } from './select.ts';

/** The part of a panel that is chosen. */
export type Chosen = Pick<Panel, 'members' | 'voter' | 'execution' | 'acceptFrom'>;

/** Makes the panel of a selection, with what was learned for its members. */
export const chosenPanel = (
  { candidate, acceptFrom }: Selection,
  table: BallotTable,
  lesson: Lesson,
): Chosen => {
  const order = orderOf(candidate, table, lesson);
  return {
    members: order.map((member) => table.models[member] ?? ''),
    voter: voterOfMembers(lesson.voterOf(candidate).rule, order),
    execution: candidate.execution,
    ...given({ acceptFrom }),
  };
};

/** Returns the place of the most accurate model. */
export const mostAccurate = ({ accuracies }: Lesson): number => accuracies.indexOf(Math.max(...accuracies));

/** The results of rows on which panels were tried that had not learned from them. */
export interface Trials extends HeldOut {
  readonly choices: readonly Chosen[];
  /** 1 if the single model that was most accurate on the other rows is right. */
  readonly singleRight: Uint8Array;
}

/** Repeats the whole choice without each part of the rows, and tries it on that part. */
export const tryHeldOut = (table: BallotTable, rows: readonly number[], options: ChoiceOptions): Trials => {
  const course = emptyCourse(table.rows.length);
  const isGiven = new Uint8Array(table.rows.length);
  const singleRight = new Uint8Array(table.rows.length);
  const dealt = deal(rows, options.folds, `tune/${options.seed}/outer`);
  const choices = dealt.map((held) => {
    const others = dealt.filter((part) => part !== held).flat();
    const selection = choose(table, others, options);
    const { candidate, acceptFrom = 0 } = selection;
    const lesson = lessonFrom(table, others);
    const order = orderOf(candidate, table, lesson);
    play(table, held, { order, learned: lesson.voterOf(candidate) }, [
      { execution: candidate.execution, course },
    ]);
    const single = mostAccurate(lesson);
    for (const row of held) {
      isGiven[row] = (course.sureness[row] ?? -1) >= acceptFrom ? 1 : 0;
      if (isGiven[row] === 0) course.right[row] = 0;
      const { answers, isRight } = table.rows[row] ?? { answers: [], isRight: [] };
      singleRight[row] = isRight[answers[single] ?? -1] ? 1 : 0;
    }
    return chosenPanel(selection, table, lesson);
  });
  return { ...course, given: isGiven, choices, singleRight };
};

/** Counts the rows that the plurality of all models gets right; a tie goes to the first model. */
export const pluralityRight = (table: BallotTable): number => {
  const course = emptyCourse(table.rows.length);
  const order = Array.from(table.models.keys());
  const learned = learnedVoter({ rule: 'majority' }, table.models);
  const execution = { schedule: 'parallel', stop: 'never' } as const;
  play(table, Array.from(table.rows.keys()), { order, learned }, [{ execution, course }]);
  return sumOf(course.right);
};
