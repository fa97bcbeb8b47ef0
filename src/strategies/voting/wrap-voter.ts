import { given } from '../../domain/given.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { checked, hasMethods, ofType, reading, required, suchThat } from '../../options.ts';

/** The standing of a wrapped voter, all of it but the margin. */
export type InnerStanding = Omit<Standing, 'margin'>;

/** The state of the vote that can still change the result. */
export interface Remainder {
  /** The votes that another answer must gain to change the result of the wrapped voter. */
  readonly margin: number;
  /** The number of calls without an outcome. */
  readonly pending: number;
}

/** All members of a type, so that a member that is left out is a type error. */
type Every<T> = { readonly [Name in Extract<keyof Required<T>, string>]: T[Name] | undefined };

/**
 * Makes a voter that counts as another does and changes its standing, for example to have no winner unless a condition is
 * met. All other members are those of the wrapped voter, such as `ceiling`, without which `decided` stops too early.
 *
 * The margin of the wrapped voter applies to *its* result, not to the changed one. Without a `margin` in the changed
 * standing, every vote may change the result, and `decided` waits for all of them.
 *
 * @param voter the voter to wrap.
 * @param change makes the new standing.
 *
 * @throws {ConfigError} if `voter` is no voter, or `change` no function.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, majority, wrapVoter } from 'crucible-ensemble';
 *
 * // The answer of the majority if at least two models gave it. A second vote cannot be taken back, so the margin holds.
 * const backed = wrapVoter(majority(), (standing, { margin }) =>
 *   (standing.lead ?? 0) >= 2 ? { ...standing, margin } : { ...standing, answer: undefined, leadingVote: undefined },
 * );
 * const panel = (...texts: string[]) =>
 *   createEnsemble({
 *     models: texts.map((text, index) => defineModel(`model-${index}`, () => text)),
 *     strategy: backed,
 *   });
 * (await panel('4', '4', '5').predict('What is 2 + 2?')).answer; // => '4'
 * await panel('4', '5', '6').predict('What is 2 + 2?').catch((error) => error.name); // => 'NoConsensusError'
 * ```
 */
export const wrapVoter = <State>(
  voter: Voter<State>,
  change: (standing: InnerStanding, remainder: Remainder) => Standing,
): Voter<State> => {
  return reading('wrapVoter', () => {
    checked(
      'wrapVoter',
      { voter, change },
      { voter: required(aVoter), change: required(ofType('function')) },
    );
    const members: Every<Voter<State>> = {
      name: voter.name,
      init: (query) => voter.init(query),
      add: (state, vote) => voter.add(state, vote),
      tally(state, pending = Number.POSITIVE_INFINITY, missing = 0) {
        const standing = voter.tally(state, pending, missing);
        return change(innerStanding(standing), { margin: standing.margin ?? 0, pending });
      },
      ceiling: voter.ceiling && ((model) => voter.ceiling?.(model) as number),
      faults: voter.faults && ((panel) => voter.faults?.(panel) as readonly string[]),
    };
    return given(members) as Voter<State>;
  });
};

const aVoter = suchThat('a voter, such as majority()', (value) => hasMethods(value, 'init', 'add', 'tally'));

/** A standing as a plain object, which can be spread: that of a running count has getters. */
export const innerStanding = (standing: Standing): InnerStanding => {
  const { answer, consensus, votes, leadingVote, confidence, lead, runnerUp, total, groups, fields } =
    standing;
  const members: Every<InnerStanding> = {
    answer,
    consensus,
    votes,
    leadingVote,
    confidence,
    lead,
    runnerUp,
    total,
    groups,
    fields,
  };
  return given(members) as InnerStanding;
};
