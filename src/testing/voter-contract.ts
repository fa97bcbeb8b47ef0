import type { Voter } from '../domain/voter.ts';
import { drawsFor } from '../models/random.ts';
import { checked, nonEmpty, ofType, reading, required, suchThat } from '../options.ts';
import { voterClauses } from './contract/voter-clauses.ts';
import type { ContractCase } from './model-contract.ts';

/** Options of {@link voterContract}. */
export interface VoterContractOptions {
  /** The beginning of each case's name. */
  readonly name: string;
  /** Makes the voter, for models with the ids of `panel`. */
  readonly createVoter: () => Voter;
  /** The ids of the models that vote. Default `m0` to `m6`. */
  readonly panel?: readonly string[];
  /** The answers that the models give, at least two. Default `'4'`, `'5'` and `'6'`. */
  readonly answers?: readonly unknown[];
}

/**
 * Returns the contract of every voter, as cases for any test runner. They count random votes with ties, abstentions,
 * failures and confidences, and require that
 *
 * - the result is the same in every order of arrival,
 * - no result depends on an earlier prediction,
 * - the leading vote is for the answer, and
 * - `decided` stops a vote only if no combination of the remaining votes changes the result.
 *
 * Votes are the same in every run. No case makes a call.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { weighted, type Voter } from 'crucible-ensemble';
 * import { voterContract } from 'crucible-ensemble/testing';
 *
 * // Wraps a voter by hand, and forgets the weights that its votes may have.
 * const heavy = weighted({ weights: { m0: 3, m1: 3 } });
 * const forgetful: Voter = {
 *   name: 'forgetful',
 *   init: () => heavy.init(),
 *   add: (state, vote) => heavy.add(state, vote),
 *   tally: (state) => heavy.tally(state),
 * };
 * const broken: string[] = [];
 * for (const { name, run } of voterContract({ name: 'forgetful', createVoter: () => forgetful })) {
 *   await run().catch(() => broken.push(name));
 * }
 * broken[0]; // => 'forgetful says how much a vote can add, if results are decided before the last vote'
 * ```
 */
export const voterContract = (options: VoterContractOptions): readonly ContractCase[] => {
  return reading('voterContract', () => {
    const { name, createVoter, panel, answers } = checked('voterContract', options, {
      name: required(nonEmpty),
      createVoter: required(ofType('function')),
      panel: [suchThat('a list of ids', isList(1)), ['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6']],
      answers: [suchThat('a list of at least two answers', isList(2)), ['4', '5', '6']],
    });
    return voterClauses.map((clause) => ({
      name: `${name} ${clause.name}`,
      run: async () => clause.check({ createVoter, panel, answers, draw: drawsFor(clause.name) }),
    }));
  });
};

const isList =
  (least: number) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length >= least;
