import type { GroupFunction, Grouping } from '../domain/grouping.ts';
import { internal } from '../domain/internal.ts';
import { refuseValue, suchThat } from '../options.ts';
import { groupingOf } from '../strategies/voting/from-group-function.ts';
import { groupedVoter } from '../strategies/voting/grouped-voter.ts';
import { closing } from './closing.ts';
import type { Grouped } from './forms.ts';
import { isGrouping } from './option-specs.ts';

/**
 * Adds to a grouping, or to a function of the votes, what counts and refines its groups: the option `grouping` of an ensemble
 * of values.
 *
 * @throws {ConfigError} if it is neither.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { createEnsemble, grouped } from 'crucible-ensemble/values';
 * import { byTolerance } from 'crucible-ensemble/grouping';
 *
 * const ensemble = createEnsemble({
 *   models: ['3.14', '3.141', '2.7'].map((text) => defineModel(`says-${text}`, () => text)),
 *   normalization: Number,
 *   grouping: grouped(byTolerance(0.01)),
 * });
 * const { answer, metadata } = await ensemble.predict('What is pi?');
 * answer; // => 3.14
 * metadata.votes; // => { '3.14': 2, '2.7': 1 }
 * ```
 */
export const grouped = (given: Grouping | GroupFunction): Grouped => {
  refuseValue('grouped: the grouping', aGrouping, given);
  const grouping = groupingOf(given);
  return { grouping, [internal]: { voterOf: (voter) => groupedVoter(voter, grouping), closing } };
};

const aGrouping = suchThat('a grouping, or a function of the votes', isGrouping);
