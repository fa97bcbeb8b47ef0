import type { BallotTable } from './ballot-table.ts';
import { type LearnedVoter, learnedVoter } from './learned-voter.ts';
import { accuraciesIn } from './model-accuracies.ts';
import type { PanelExecution } from './panel.ts';
import { learn, type RuleName } from './rules.ts';

/** A panel that can be learned: its members, how they are asked, and the rule that counts their votes. */
export interface Candidate {
  /** The places of the models in the table, in its order. */
  readonly members: readonly number[];
  readonly rule: RuleName;
  readonly execution: PanelExecution;
  /** The model that decides if the others do not agree. */
  readonly strong?: number;
}

/**
 * The kind of a candidate. The fewer candidates there are of its kind, the less it is among the best by luck, and the less
 * it has to lead by: a `baseline` is a single model, or the plurality of all; a `whole` has all models as members; all others
 * are a `part`.
 */
export type CandidateKind = 'baseline' | 'whole' | 'part';

/** Returns the kind of a candidate among so many models. */
export const kindOf = ({ members, rule, execution, strong }: Candidate, models: number): CandidateKind => {
  if (members.length === 1) return 'baseline';
  if (members.length < models || strong !== undefined) return 'part';
  return rule === 'majority' && execution.stop !== 'confident' ? 'baseline' : 'whole';
};

/** What some rows teach about all models. */
export interface Lesson {
  /** The rows that teach it. */
  readonly rows: readonly number[];
  readonly accuracies: readonly number[];
  /**
   * Returns the voter of a candidate, with what was learned for all models, and pauses while it learns. Its members count only
   * with a strong model.
   */
  voterOf(candidate: Pick<Candidate, 'rule' | 'members' | 'strong'>): Generator<unknown, LearnedVoter>;
}

/** Learns from rows of a table; each rule when it is first used. */
export const lessonFrom = (table: BallotTable, rows: readonly number[]): Lesson => {
  const ballots = rows.flatMap((row) => table.rows[row]?.ballot ?? []);
  const { sample: all } = table;
  const sample = { models: all.models, ballots: rows.flatMap((row) => all.ballots[row] ?? []) };
  const accuracies = accuraciesIn(sample);
  const voters = new Map<RuleName, LearnedVoter>();
  return {
    rows,
    accuracies: table.models.map((model) =>
      Object.hasOwn(accuracies, model) ? (accuracies[model] ?? 0) : 0,
    ),
    *voterOf({ rule, members, strong }) {
      if (strong !== undefined) {
        const weights = new Array<number>(table.models.length).fill(1);
        weights[strong] = members.length - 0.5;
        return learnedVoter({ rule: 'weights', weights }, table.models);
      }
      const voter =
        voters.get(rule) ?? learnedVoter(yield* learn(rule, ballots, sample, table.models), table.models);
      voters.set(rule, voter);
      return voter;
    },
  };
};

/**
 * Returns the members in the order of the panel, which decides ties. If all are asked at once, the most accurate is first.
 * If one is asked after the other, the cheapest is first, and of equals the most accurate. The strong model is last.
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
