import type { BallotTable } from './ballot-table.ts';
import { atOnce, fullExecutionsOf, type ScheduleName } from './candidates.ts';
import { type Chooser, chooserAmong, isForCoverage } from './choose.ts';
import type { Aim } from './panel.ts';

/** The baselines answer all questions, unless the aim is coverage. */
const aimOfBaseline = (aim: Aim): Aim => (isForCoverage(aim) ? aim : { maximize: 'accuracy' });

/** Makes the chooser of the best single model. */
export const bestSingleOf = (table: BallotTable, aim: Aim): Chooser =>
  chooserAmong(
    table,
    table.models.map((_, model) => ({ members: [model], rule: 'majority', execution: atOnce(true) })),
    aimOfBaseline(aim),
  );

/** Makes the chooser of the plurality of all models: nothing is chosen, unless the aim is coverage. */
export const pluralityOf = (
  table: BallotTable,
  { aim, schedules }: { readonly aim: Aim; readonly schedules: readonly ScheduleName[] },
): Chooser => {
  const members = Array.from(table.models.keys());
  const [execution = atOnce(false)] = fullExecutionsOf(members, schedules);
  return chooserAmong(table, [{ members, rule: 'majority', execution }], aimOfBaseline(aim));
};
