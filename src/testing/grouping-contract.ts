import type { GroupFunction, Grouping } from '../domain/grouping.ts';
import { drawsFor } from '../models/random.ts';
import { checked, nonEmpty, ofType, reading, required, suchThat } from '../options.ts';
import { groupingOf } from '../strategies/voting/from-group-function.ts';
import { groupingClauses } from './contract/grouping-clauses.ts';
import { type Watch, WatchedCalls } from './contract/staged-prediction.ts';
import type { ContractCase } from './model-contract.ts';

/** Options of {@link groupingContract}. */
export interface GroupingContractOptions {
  /** The beginning of each case's name. */
  readonly name: string;
  /** Makes the grouping. A model that it calls is passed through `watch`, which counts the calls and lets them fail. */
  readonly createGrouping: (watch: Watch) => Grouping | GroupFunction;
  /** The question that the answers are for. Default `'Which animal is it?'`. */
  readonly question?: string;
  /** The answers to group, at least two. Default: short answers in prose, and texts that are hard to read. */
  readonly answers?: readonly unknown[];
}

/** Some say the same, and some have a form that breaks what reads them. */
const ANSWERS = [
  'a red fox',
  'It is a red fox.',
  'A fox!',
  'an otter',
  'It is not a fox.',
  'The otter, of which there are 13 kinds',
  'three foxes',
  '13 foxes',
  '',
  ' ',
  '__proto__',
  'constructor',
  '🦊',
  '\uD83E',
  'e\u0301',
  '\u0000\u202E',
  '</answer>',
  '{"a":[',
  'fox '.repeat(5_000),
];

/**
 * Returns the contract of every grouping, as cases for any test runner. They group random votes and require that
 *
 * - each vote is in one group, and votes with the same key are in the same,
 * - the groups are the same in every order of arrival, however often they are read, and after other predictions,
 * - `refine` keeps all of that, and
 * - calls are counted in the prediction, cancelled with it, and may fail.
 *
 * Votes are the same in every run. Only the models that `createGrouping` passes through `watch` are called.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import type { GroupFunction } from 'crucible-ensemble';
 * import { groupingContract } from 'crucible-ensemble/testing';
 *
 * // Joins votes of about the same length.
 * const byLength: GroupFunction = (votes) => [
 *   ...Map.groupBy(votes, ({ key }) => Math.round(key.length / 10)).values(),
 * ];
 * const broken: string[] = [];
 * for (const { name, run } of groupingContract({ name: 'byLength', createGrouping: () => byLength })) {
 *   await run().catch(() => broken.push(name));
 * }
 * broken; // => []
 * ```
 */
export const groupingContract = (options: GroupingContractOptions): readonly ContractCase[] => {
  return reading('groupingContract', () => {
    const { name, createGrouping, question, answers } = checked('groupingContract', options, {
      name: required(nonEmpty),
      createGrouping: required(ofType('function')),
      question: [nonEmpty, 'Which animal is it?'],
      answers: [suchThat('a list of at least two answers', isListOfTwo), ANSWERS],
    });
    const calls = new WatchedCalls();
    const refines = groupingOf(createGrouping(calls.watch)).refine !== undefined;
    const kinds = { refining: refines, calling: refines && calls.isUsed };
    return groupingClauses
      .filter(({ only }) => only === undefined || kinds[only])
      .map((clause) => ({
        name: `${name} ${clause.name}`,
        run: async () => clause.check({ createGrouping, question, answers, draw: drawsFor(clause.name) }),
      }));
  });
};

const isListOfTwo = (value: unknown): boolean => Array.isArray(value) && value.length >= 2;
