import { EMPTY, map, type Observable } from 'rxjs';
import { answerKey } from '../../domain/answer-key.ts';
import { returned } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import type { Outcome, Vote } from '../../domain/outcome.ts';
import type { ModelRequest } from '../../domain/request.ts';
import type { Tally } from '../../domain/tally.ts';
import type { RefiningWith, Standing, Voter } from '../../domain/voter.ts';
import { fromUnits } from '../../domain/weight-units.ts';
import { completeStanding, isComplete } from './complete-standing.ts';
import { ceilingOf, ceilingOfAll, refuseNoOutcome, userCodeError } from './foreign-voter.ts';

/**
 * An election in progress: outcomes are added one by one, and a tally can be taken at any time. It counts abstentions,
 * failures and pending calls, which are the same for every voter; the voter counts the votes. Without a panel, any number
 * of calls may be pending.
 *
 * The election and its tally are classes, because there is one of each for every prediction: as closures and a getter in an
 * object literal they cost several times more.
 */
export class Election<Answer> {
  /** The outcome that was added last. */
  outcome: Outcome<Answer> | undefined;
  abstentions = 0;
  failures = 0;
  pending: number;
  readonly #voter: Voter;
  /** Made with the first vote, and sized in advance: a growing array takes four times the memory of three. */
  #cast: Vote<Answer>[] | undefined;
  readonly #query: ModelRequest | undefined;
  #successes = 0;
  #state: unknown;
  #openUnits: number;
  /** Whether the standings of the voter have fields. */
  #hasFields = false;

  constructor(voter: Voter, panel?: readonly string[], query?: ModelRequest) {
    this.#voter = voter;
    this.#query = query;
    this.pending = panel?.length ?? Number.POSITIVE_INFINITY;
    try {
      this.#openUnits = panel === undefined ? Number.POSITIVE_INFINITY : ceilingOfAll(voter, panel);
      this.#state = returned(voter.init(query));
    } catch (error) {
      throw userCodeError(voter, error);
    }
  }

  /** The votes that were cast. */
  get votes(): readonly Vote<Answer>[] {
    return this.#first(this.#successes);
  }

  /** Refines what the voter has counted. Emits once the next tally shows it. */
  refine(context: RefiningWith): Observable<void> {
    const refined$ = this.#voter[internal]?.refine?.(this.#state, context) ?? EMPTY;
    return refined$.pipe(
      map((state) => {
        this.#state = state;
      }),
    );
  }

  get successes(): number {
    return this.#successes;
  }

  /**
   * The most that pending calls can add to one answer. Unknown once a schedule asks more often than its panel, and if
   * votes have weighed more than the voter says.
   */
  openAfter({ lead = 0, runnerUp = 0 }: Standing): number {
    const weighsMore = this.#voter.ceiling === undefined && Math.max(lead, runnerUp) > this.#successes;
    return this.pending < 0 || weighsMore ? Number.POSITIVE_INFINITY : fromUnits(this.#openUnits);
  }

  add(outcome: Outcome<Answer>): void {
    refuseNoOutcome(outcome);
    this.outcome = outcome;
    this.pending -= 1;
    try {
      this.#openUnits -= ceilingOf(this.#voter, outcome.model);
      if (outcome.status === 'answered') {
        this.#cast ??= new Array(
          this.pending >= 0 && this.pending < Number.POSITIVE_INFINITY ? this.pending + 1 : 0,
        );
        this.#cast[this.#successes] = outcome;
        this.#successes += 1;
        const state = this.#voter.add(this.#state, outcome);
        // Nearly all voters change their state in place, which was checked.
        this.#state = state === this.#state ? state : returned(state);
      } else if (outcome.status === 'failed') this.failures += 1;
      else this.abstentions += 1;
    } catch (error) {
      throw userCodeError(this.#voter, error);
    }
  }

  tally(): Tally<Answer> {
    const standing = this.#standing() as Standing<Answer>;
    this.#hasFields = 'fields' in standing;
    return new RunningTally(this, standing);
  }

  /** Returns the votes per answer after the first `count` votes. Counts them again if there have been more since. */
  votesAfter(count: number): Standing['votes'] {
    return this.#standingAfter(count).votes;
  }

  /** Returns what was said of each field after the first `count` votes, as {@link votesAfter} does. */
  fieldsAfter(count: number): Standing['fields'] {
    return this.#hasFields ? this.#standingAfter(count).fields : undefined;
  }

  #standingAfter(count: number): Standing {
    if (count === 0) return noVotes();
    if (count === this.#successes) return this.#standing();
    const voter = this.#voter;
    return voter.tally(
      this.#first(count).reduce<unknown>((state, vote) => voter.add(state, vote), voter.init(this.#query)),
    );
  }

  #first(count: number): readonly Vote<Answer>[] {
    return this.#cast?.slice(0, count) ?? [];
  }

  #standing(): Standing {
    if (this.#successes === 0) return noVotes();
    try {
      const standing = this.#voter.tally(
        this.#state,
        Math.max(0, this.pending),
        this.failures + this.abstentions,
      );
      return isComplete(standing) ? standing : completeStanding(standing, this.votes, answerKey);
    } catch (error) {
      throw userCodeError(this.#voter, error);
    }
  }
}

/** The standing before the first vote. A caller's own voter need not support an empty election. */
const noVotes = (): Standing => ({ answer: undefined, consensus: 0, votes: {} });

/** A tally that counts the votes per answer when they are read. */
class RunningTally<Answer> implements Tally<Answer> {
  readonly outcome: Outcome<Answer> | undefined;
  readonly leader: Answer | undefined;
  readonly leadingVote: Vote<Answer> | undefined;
  readonly consensus: number;
  readonly confidence: number | undefined;
  readonly lead: number;
  readonly runnerUp: number;
  readonly total: number;
  readonly margin: number;
  readonly open: number;
  readonly groups: Tally<Answer>['groups'];
  readonly successes: number;
  readonly abstentions: number;
  readonly failures: number;
  readonly pending: number;
  readonly #election: Election<Answer>;

  constructor(election: Election<Answer>, standing: Standing<Answer>) {
    this.#election = election;
    this.outcome = election.outcome;
    this.leader = standing.answer;
    this.leadingVote = standing.leadingVote;
    this.consensus = standing.consensus;
    const { lead = 0, runnerUp = 0 } = standing;
    const isLed = standing.answer !== undefined;
    this.confidence = isLed ? (standing.confidence ?? standing.leadingVote?.confidence) : undefined;
    this.lead = isLed ? lead : 0;
    this.runnerUp = isLed ? runnerUp : Math.max(lead, runnerUp);
    this.total = standing.total ?? 0;
    this.margin = standing.margin ?? 0;
    this.open = election.openAfter(standing);
    this.groups = standing.groups as Tally<Answer>['groups'];
    this.successes = election.successes;
    this.abstentions = election.abstentions;
    this.failures = election.failures;
    this.pending = election.pending;
  }

  get votes(): Standing['votes'] {
    return this.#election.votesAfter(this.successes);
  }

  get fields(): Standing['fields'] {
    return this.#election.fieldsAfter(this.successes);
  }

  toJSON(): Tally<Answer> {
    const { votes, fields } = this;
    return fields === undefined ? { ...this, votes } : { ...this, votes, fields };
  }
}
