import type { FinalTally } from '../domain/decider.ts';
import type { StopRule } from '../domain/execution.ts';
import { returned } from '../domain/foreign.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import { suchThat, trueOrFalse } from '../options.ts';

/** More than half of the votes that were cast are for one answer. */
const ledByMajority: StopRule = ({ leader, lead, total }) => leader !== undefined && lead > total / 2;

/** The option `unless` of every decider: the rule by which the votes decide. Default {@link ledByMajority}. */
export const unlessSpec = [
  suchThat('a stop rule, such as never()', (value) => typeof value === 'function'),
  ledByMajority,
] as const;

/**
 * Whether there is nothing to choose: one answer alone, or votes that decide.
 *
 * @throws {UserCodeError} as {@link isSettled} does.
 */
export const isDecidedByVotes = (owner: string, unless: StopRule, tally: FinalTally): boolean =>
  tally.groups.length < 2 || isSettled(owner, unless, tally);

/**
 * Whether the votes decide.
 *
 * @throws {UserCodeError} if the rule throws, or returns no boolean.
 */
export const isSettled = (owner: string, unless: StopRule, tally: FinalTally): boolean => {
  try {
    return returned(unless(tally), trueOrFalse);
  } catch (cause) {
    throw new UserCodeError(`"unless" of ${owner}`, { cause });
  }
};
