import type { BallotTable } from './ballot-table.ts';
import { modelAccuracies } from './model-accuracies.ts';
import type { PanelExecution, PanelVoter } from './panel.ts';
import { learn, type RuleName } from './rules.ts';

/** A way to answer questions that has yet to be learned: who is asked, how, and how votes count. */
export interface Candidate {
  /** The places of the models in the table, in its order. */
  readonly members: readonly number[];
  readonly rule: RuleName;
  readonly execution: PanelExecution;
  /** Whether all models are members: such candidates are few, and need no luck to be among the best. */
  readonly isWhole?: boolean;
  /** The model whose vote decides where the others do not agree. */
  readonly strong?: number;
}

/** What was learned from some rows for all candidates. */
export interface Lesson {
  readonly accuracies: readonly number[];
  readonly ruleOf: (rule: RuleName) => PanelVoter;
}

/** Learns from rows of a table; each rule when somebody first asks for it. */
export const lessonFrom = (table: BallotTable, rows: readonly number[]): Lesson => {
  const ballots = rows.flatMap((row) => table.rows[row]?.ballot ?? []);
  const accuracies = modelAccuracies(ballots);
  const voters = new Map<RuleName, PanelVoter>();
  return {
    accuracies: table.models.map((model) =>
      Object.hasOwn(accuracies, model) ? (accuracies[model] ?? 0) : 0,
    ),
    ruleOf(rule) {
      const voter = voters.get(rule) ?? learn(rule, ballots, table.models);
      voters.set(rule, voter);
      return voter;
    },
  };
};

/**
 * The members in the order in which they are asked, and in which a tie between them is decided: the most
 * accurate first where all are asked at once; the cheapest first, of equals the most accurate, where one is asked
 * after the other; the strong one last.
 */
export const orderOf = (
  { members, execution, strong }: Candidate,
  { meanCosts }: BallotTable,
  { accuracies }: Lesson,
): readonly number[] => {
  const costOf = (model: number): number => (execution.schedule === 'parallel' ? 0 : (meanCosts[model] ?? 0));
  const others = members
    .filter((member) => member !== strong)
    .toSorted((a, b) => costOf(a) - costOf(b) || (accuracies[b] ?? 0) - (accuracies[a] ?? 0) || a - b);
  return strong === undefined ? others : [...others, strong];
};

/** The rule of a candidate, with what was learned for all models of the table. */
export const ruleOf = ({ rule, members, strong }: Candidate, lesson: Lesson, models: number): PanelVoter => {
  if (strong === undefined) return lesson.ruleOf(rule);
  const weights = new Array<number>(models).fill(1);
  weights[strong] = members.length - 0.5;
  return { rule: 'weights', weights };
};
