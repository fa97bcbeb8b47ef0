import type { StopRule } from '../../domain/execution.ts';
import { Election } from '../../strategies/voting/election.ts';
import { type BallotTable, outcomeOf, type RecordedOutcome, type Row } from './ballot-table.ts';
import type { LearnedVoter } from './learned-voter.ts';

/** A panel to replay. */
export interface ReplayedPanel {
  /** The places of the members in the table, in the order in which they are asked. */
  readonly order: readonly number[];
  readonly learned: Pick<LearnedVoter, 'voter' | 'surenessOf' | 'knowsClasses'>;
}

/** How a run ended. */
export interface End {
  readonly calls: number;
  /** The place in the panel of the leading vote; -1 without an answer. */
  readonly leader: number;
  /** How sure the answer is; -1 without one. */
  readonly sureness: number;
}

/** The elections that began with the same votes. */
interface Stage {
  /** How the runs that have ended did so, by their places. */
  readonly ends: readonly (End | undefined)[];
  readonly isOver: boolean;
  /** The stages after one more vote, by the name of its answer. */
  readonly next: Stage[];
}

/**
 * Holds the elections of rows, all runs at once: the votes are added in the order of the panel, and each run ends after the
 * vote at which its rule stops it. Elections that begin with the same votes are the same up to there, so they are a tree of
 * which each branch is held once. Most runs stop before rows differ: of nine models and 5,000 questions, one row in five
 * holds an election, and takes tallies only from where it branches off.
 *
 * @returns a function that returns how each run of a row ends.
 */
export const sharedElections = (
  table: BallotTable,
  { order, learned: { voter, surenessOf, knowsClasses } }: ReplayedPanel,
  stops: readonly (StopRule | undefined)[],
): ((place: number) => readonly (End | undefined)[]) => {
  const { models, rows, answers, names, hasConfidences } = table;
  const ids = order.map((member) => models[member] ?? '');
  /** The name of each member's answer, in the order of the panel: 0 if it did not vote. */
  const path = new Int32Array(order.length);
  /** By answer of a row: its name, in the order of the first votes; 0 before these. */
  const nameOf = new Int32Array(models.length);
  /** The votes for each name, unless they have confidences: so few that they stay in the cache of the processor. */
  const votes = order.map((): RecordedOutcome[] => []);
  const voteOf = (row: Row, call: number): RecordedOutcome => {
    const member = order[call] ?? 0;
    if (hasConfidences) return placedVote(row, member, call);
    const ofCall = votes[call] as RecordedOutcome[];
    const name = path[call] ?? 0;
    const answer = row.answers[member] ?? -1;
    const key = answer === -1 ? undefined : knowsClasses ? row.keys[answer] : String(name);
    ofCall[name] ??= outcomeOf(ids[call] ?? '', call, { key });
    return ofCall[name];
  };

  const endsAfter = (before: Stage['ends'], election: Election<unknown>, calls: number): Stage['ends'] => {
    const isLast = calls === order.length;
    const mayStop = election.successes > 0 && stops.some((stop, run) => stop && before[run] === undefined);
    if (!isLast && !mayStop) return before;
    const tally = election.tally();
    const { leadingVote } = tally;
    let end: End | undefined;
    return before.map((earlier, run) => {
      if (earlier !== undefined || !(isLast || stops[run]?.(tally))) return earlier;
      end ??= {
        calls,
        leader: leadingVote?.index ?? -1,
        sureness: leadingVote === undefined ? -1 : surenessOf(tally),
      };
      return end;
    });
  };

  const beginning = (): Stage => ({ ends: stops.map(() => undefined), isOver: false, next: [] });
  const root = beginning();
  return (place) => {
    const row = rows[place] as Row;
    const from = place * models.length;
    let stage = hasConfidences ? beginning() : root;
    let election: Election<unknown> | undefined;
    let named = 0;
    nameOf.fill(0);
    for (let call = 0; call < order.length && !stage.isOver; call += 1) {
      const member = order[call] ?? 0;
      const answer = answers[from + member] ?? -1;
      // Only rules that know classes depend on which answers are given, the others on which of them are the same.
      let name = 0;
      if (knowsClasses) name = names[from + member] ?? 0;
      else if (answer !== -1) {
        if (nameOf[answer] === 0) {
          named += 1;
          nameOf[answer] = named;
        }
        name = nameOf[answer] ?? 0;
      }
      path[call] = name;
      let next = stage.next[name];
      if (next === undefined) {
        let added = call;
        if (election === undefined) {
          election = new Election(voter, ids);
          added = 0;
        }
        for (; added <= call; added += 1) election.add(voteOf(row, added));
        const ends = endsAfter(stage.ends, election, call + 1);
        next = { ends, isOver: ends.every((end) => end !== undefined), next: [] };
        stage.next[name] = next;
      }
      stage = next;
    }
    return stage.ends;
  };
};

/** Returns what a member of the panel answered; its place in the panel decides ties. */
export const placedVote = ({ outcomes }: Row, member: number, place: number): RecordedOutcome => {
  const outcome = outcomes[member] as RecordedOutcome;
  outcome.index = place;
  return outcome;
};
