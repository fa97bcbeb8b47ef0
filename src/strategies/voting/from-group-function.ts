import { calledAs } from '../../domain/foreign.ts';
import type { GroupFunction, Grouping, GroupingContext } from '../../domain/grouping.ts';
import { inPanelOrder, type Vote } from '../../domain/outcome.ts';
import { ownName } from '../../domain/own-name.ts';

/** The votes of one prediction, and what is known of their question. */
interface Cast {
  readonly votes: Vote[];
  readonly context: GroupingContext;
}

/** Returns a grouping as it is, and makes one of a plain function. */
export const groupingOf = (grouping: Grouping | GroupFunction): Grouping =>
  typeof grouping === 'function' ? (fromGroupFunction(grouping) as Grouping) : grouping;

/** Makes a grouping of a plain function, which receives all votes so far in the order of the panel. */
const fromGroupFunction = (groupFunction: GroupFunction): Grouping<Cast> => ({
  name: ownName(groupFunction, 'grouping'),
  init: (context) => ({ votes: [], context }),
  add: (cast, vote) => {
    cast.votes.push(vote);
    return cast;
  },
  groups: ({ votes, context }) =>
    calledAs(ownName(groupFunction, 'grouping'), () => groupFunction(inPanelOrder(votes), context)),
});
