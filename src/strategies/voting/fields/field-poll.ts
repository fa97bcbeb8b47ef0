import { answerKey } from '../../../domain/answer-key.ts';
import { isA, returned } from '../../../domain/foreign.ts';
import { internal } from '../../../domain/internal.ts';
import { UserCodeError } from '../../../domain/no-prediction.ts';
import type { Vote } from '../../../domain/outcome.ts';
import { quotedName } from '../../../domain/quoting.ts';
import type { Standing, Voter } from '../../../domain/voter.ts';
import { fromUnits } from '../../../domain/weight-units.ts';
import { isAdditive } from '../additive-voter.ts';
import { completeStanding } from '../complete-standing.ts';
import { Poll } from '../poll.ts';

/**
 * When a field is left out. `outvoted`: leaving it out is one of the values that are counted. `rare`: more answers are without it
 * than with it. `never`: an answer without it has an empty value.
 */
type LeftOut = 'outvoted' | 'rare' | 'never';

/** The count of one field. */
export interface FieldPoll {
  readonly name: string;
  readonly voter: Voter;
  readonly leftOut: LeftOut;
  state: unknown;
  /** The votes that its voter has counted, and those with a value. */
  counted: number;
  present: number;
  /** The votes that say `null` where it is no value that is counted. */
  nulls: number;
  /** The place of the first member of the panel that names it, and its place there. */
  first: readonly [index: number, place: number];
  /** What the votes without it weigh, in units. Absent if each weighs 1. */
  absentUnits: number | undefined;
}

/** The standing of a field. */
export interface PollStanding
  extends Pick<Standing, 'answer' | 'fields' | 'votes'>,
    Record<'consensus' | 'lead' | 'runnerUp' | 'margin', number> {
  readonly poll: FieldPoll;
  readonly isKept: boolean;
}

/**
 * Opens the count of a field.
 *
 * @param counts whether the voter counts values although it is not known to sum up weights, as that of a grouping.
 */
export const openPoll = (name: string, voter: Voter, counts: boolean): FieldPoll => {
  const state = ofRule(name, () => returned(voter.init()));
  const weighs = isAdditive(voter) && state instanceof Poll;
  return {
    name,
    voter,
    leftOut: voter[internal]?.countsNull === true ? 'never' : counts || weighs ? 'outvoted' : 'rare',
    state,
    counted: 0,
    present: 0,
    nulls: 0,
    first: [Number.POSITIVE_INFINITY, 0],
    absentUnits: weighs && !counts ? 0 : undefined,
  };
};

/** Runs a voter of a caller. */
const ofRule = <Result>(name: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw isA(error, UserCodeError)
      ? error
      : new UserCodeError(`the rule of the field ${quotedName(name)}`, { cause: error });
  }
};

/** Counts the value that one vote has for a field, at a place of its answer; `undefined` if it has none. */
export const addValue = (poll: FieldPoll, vote: Vote, value?: unknown, place = 0): void => {
  const { voter, leftOut } = poll;
  // To an average, `null` is no value. Where values are counted, it is one.
  const isPresent = value !== undefined && (value !== null || leftOut === 'outvoted');
  if (isPresent) poll.present += 1;
  else if (value === null) poll.nulls += 1;
  if (value !== undefined && vote.index < poll.first[0]) poll.first = [vote.index, place];
  if (isPresent || leftOut === 'never') {
    const answer = isPresent ? value : null;
    const own = { ...vote, answer, key: answerKey(answer) };
    poll.counted += 1;
    poll.state = ofRule(poll.name, () => returned(voter.add(poll.state, own)));
  } else if (poll.absentUnits !== undefined && isAdditive(voter))
    poll.absentUnits += voter.unitsFor(vote, vote.key);
};

/** Compares fields by the order in which the panel names them. */
export const byFirst = (a: FieldPoll, b: FieldPoll): number =>
  a.first[0] - b.first[0] || a.first[1] - b.first[1];

/** Whether a vote names the field. */
export const isNamed = ({ present, nulls }: FieldPoll): boolean => present + nulls > 0;

/** The standing of a field that at least one of the votes names, or that its voter has counted. */
export const standingOf = (poll: FieldPoll, cast: number, pending: number, missing: number): PollStanding => {
  const { voter, leftOut, present, nulls, absentUnits } = poll;
  const standing: Standing = ofRule(poll.name, () => {
    if (poll.counted === 0) return { answer: undefined, consensus: 0, votes: {} };
    const found = voter.tally(poll.state, pending, missing + cast - poll.counted);
    return found?.total === undefined ? completeStanding(found, [], answerKey) : found;
  });
  const { answer, votes, fields, consensus, total = 0, lead = 0, runnerUp = 0, margin = 0 } = standing;
  const counts = { poll, answer, votes, fields, lead };
  const hasAnswer = present > 0 && answer !== undefined;
  const unsaid = cast - present - nulls;
  // The schema of the answers may require the field: `null` is left out only if more answers are without it.
  const isOutvoted = leftOut === 'never' ? present === 0 : present < nulls + unsaid;
  if (isOutvoted && nulls > 0 && nulls >= unsaid) {
    return {
      ...counts,
      answer: null,
      isKept: true,
      fields: undefined,
      votes: { ...votes, [answerKey(null)]: nulls },
      consensus: nulls / cast,
      lead: nulls,
      runnerUp: Math.max(present, unsaid),
      margin: leftOut === 'never' ? 0 : Math.min(nulls - unsaid, nulls + unsaid - present),
    };
  }
  if (leftOut === 'never') return { ...counts, isKept: hasAnswer, consensus, runnerUp, margin };
  const absent = absentUnits === undefined ? cast - present : fromUnits(absentUnits);
  const [own, all] = leftOut === 'outvoted' ? [lead, total + absent] : [present, cast];
  const isKept = own >= absent && hasAnswer;
  const share = leftOut === 'outvoted' ? lead / all : (consensus * present) / cast;
  return {
    ...counts,
    isKept,
    consensus: all === 0 ? 0 : isKept ? share : absent / all,
    runnerUp: Math.max(runnerUp, absent),
    margin: own < absent ? Math.min(absent - own, unsaid - nulls) : Math.min(margin, own - absent),
  };
};
