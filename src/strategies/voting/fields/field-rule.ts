import { answerKey } from '../../../domain/answer-key.ts';
import { calledAs, returned } from '../../../domain/foreign.ts';
import type { Grouping } from '../../../domain/grouping.ts';
import type { Vote } from '../../../domain/outcome.ts';
import { ownName } from '../../../domain/own-name.ts';
import type { Voter } from '../../../domain/voter.ts';
import { hasMethods, oneOf, suchThat } from '../../../options.ts';
import { type StrategyName, strategies } from '../../named-strategies.ts';
import { groupedVoter } from '../grouped-voter.ts';
import { majority } from '../majority.ts';
import { median } from '../median.ts';
import { setVote } from '../set-vote.ts';
import { voterOfAll } from '../voter-of-all.ts';

/**
 * The names of rules of a field: those of voting strategies, and `median`; `union` and `intersection` of the lists that were
 * given; the `longest` text, in characters.
 */
export type FieldRuleName = StrategyName | 'median' | 'union' | 'intersection' | 'longest';

/** A rule of a field as a function of the values that it was given, in panel order, with their votes. `undefined` leaves it out. */
export type FieldFunction = (values: readonly unknown[], votes: readonly Vote[]) => unknown;

/**
 * How the values of a field come to one: a voter; a grouping, of which the largest group wins; a name; or a function of the
 * values.
 */
export type FieldRule = FieldRuleName | Voter | Grouping | FieldFunction;

/** Returns the voter of a rule, which has been checked. */
export const voterOfRule = (rule: FieldRule): Voter => {
  if (typeof rule === 'string') return named[rule]();
  if (typeof rule === 'function') return voterOfFunction(ownName(rule, 'rule'), rule);
  return isGrouping(rule) ? (groupedVoter(majority(), rule) as Voter) : rule;
};

/** Whether the values of a rule are counted, so that leaving the field out is one of them. */
export const isGrouping = (rule: unknown): rule is Grouping => hasMethods(rule, 'init', 'add', 'groups');

const isVoter = (rule: unknown): boolean => hasMethods(rule, 'init', 'add', 'tally');

const functionRule = (name: string, rule: FieldFunction): Voter =>
  voterOfFunction(name, (values, votes) => rule(values, votes));

const isText = (value: unknown): value is string => typeof value === 'string';

const lengthOf = (text: string): number => [...text].length;

/** The first in the panel of the texts with the most characters. */
const longestOf = (values: readonly unknown[]): string | undefined => {
  const texts = values.filter(isText);
  const most = texts.reduce((length, text) => Math.max(length, lengthOf(text)), 0);
  return texts.find((text) => lengthOf(text) === most);
};

const named: Readonly<Record<FieldRuleName, () => Voter>> = {
  ...strategies,
  median,
  union: () => setVote({ min: Number.MIN_VALUE }),
  intersection: () => setVote({ min: 1 }),
  longest: () => functionRule('longest', longestOf),
};

/** The names of rules. */
export const fieldRuleNames: readonly string[] = Object.keys(named);

/** The check of a rule. */
export const aFieldRule = suchThat(
  `a voter such as majority(), a grouping such as byTolerance(2), a function of the values, or one of ${fieldRuleNames
    .map((name) => `"${name}"`)
    .join(', ')}`,
  (value) =>
    typeof value === 'function' ||
    isVoter(value) ||
    isGrouping(value) ||
    oneOf(fieldRuleNames, '')(value) === undefined,
);

/** Expects a value of a field. */
const aValue = (value: unknown): string | undefined =>
  isVoter(value) || isGrouping(value)
    ? 'the value of a field, not what counts it (call the factory, and pass what it returns)'
    : undefined;

/** A voter whose answer is worked out of all values by a function. Its consensus is the share of the votes that say the same. */
const voterOfFunction = (name: string, rule: FieldFunction): Voter =>
  voterOfAll(name, 'a plain function reports no margin', (votes) => {
    const values = votes.map(({ answer }) => answer);
    const answer = calledAs(name, () => returned(rule(values, [...votes]), aValue)) ?? undefined;
    const key = answer === undefined ? undefined : answerKey(answer);
    const counts = new Map<string, number>();
    for (const vote of votes) counts.set(vote.key, (counts.get(vote.key) ?? 0) + 1);
    const lead = (key !== undefined && counts.get(key)) || 0;
    return {
      answer,
      consensus: lead / votes.length,
      votes: Object.fromEntries(counts),
      lead,
      runnerUp: votes.length - lead,
      total: votes.length,
    };
  });
