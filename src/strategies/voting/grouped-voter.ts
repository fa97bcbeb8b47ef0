import { map, type Observable, take } from 'rxjs';
import { isA, isArray, returned } from '../../domain/foreign.ts';
import type { Group, Grouping, GroupingContext } from '../../domain/grouping.ts';
import { internal } from '../../domain/internal.ts';
import { isObject } from '../../domain/is-object.ts';
import { UserCodeError } from '../../domain/no-prediction.ts';
import { observed } from '../../domain/observed.ts';
import { inFavourOf, inPanelOrder, type Vote } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { ModelRequest } from '../../domain/request.ts';
import type { RefiningWith, Standing, Voter } from '../../domain/voter.ts';
import { hasMethods } from '../../options.ts';
import { innerStanding } from './wrap-voter.ts';

/**
 * Makes a voter that counts the groups of a grouping as another voter counts answers. All votes of a group are votes for the
 * answer of its first member in the panel. The margin is 0, because a later answer may join two groups or divide one.
 *
 * Each tally groups and counts all votes again: O(n) besides the grouping itself.
 */
export const groupedVoter = (voter: Voter, grouping: Grouping): Voter<GroupedVotes> => {
  const { name, ceiling, faults } = voter;
  return {
    name,
    init: (query) => new GroupedVotes(voter, grouping, query),
    add: (votes, vote) => votes.add(vote),
    tally: (votes, pending, missing) => votes.tally(pending, missing),
    ...(ceiling !== undefined && { ceiling: (model) => voter.ceiling?.(model) as number }),
    ...(faults !== undefined && { faults: (panel) => voter.faults?.(panel) as readonly string[] }),
    [internal]: {
      ...voter[internal],
      undecidedBecause: 'a later answer can change the groups',
      ...(grouping.refine !== undefined && {
        refine: (votes, context) => (votes as GroupedVotes).refine(context),
      }),
    },
  };
};

/** The votes of one prediction and their groups. */
class GroupedVotes {
  readonly #voter: Voter;
  readonly #grouping: Grouping;
  readonly #context: GroupingContext;
  #state: unknown;
  #count = 0;
  /** Absent after a vote, until they are read. */
  #groups: readonly Group[] | undefined;

  constructor(voter: Voter, grouping: Grouping, query: ModelRequest | undefined) {
    this.#voter = voter;
    this.#grouping = grouping;
    this.#context = { question: query?.prompt ?? '', query };
    this.#state = this.#ofGrouping(() => grouping.init(this.#context));
  }

  add(vote: Vote): this {
    this.#count += 1;
    this.#groups = undefined;
    this.#state = this.#ofGrouping(() => this.#grouping.add(this.#state, vote));
    return this;
  }

  tally(pending?: number, missing?: number): Standing {
    const groups = this.#read();
    const speakers = new Map(groups.map(([speaker]) => [(speaker as Vote).key, speaker as Vote]));
    const standing = this.#standing(groups, pending, missing);
    const speaker = standing.leadingVote && speakers.get(standing.leadingVote.key);
    return { ...innerStanding(standing), ...(speaker && { leadingVote: speaker }), margin: 0, groups };
  }

  refine(context: RefiningWith): Observable<this> {
    const grouping = this.#grouping;
    return observed(() => grouping.refine?.(this.#state, { ...this.#context, ...context })).pipe(
      take(1),
      map((groups) => {
        this.#groups = this.#checked(groups as readonly Group[]);
        return this;
      }),
    );
  }

  #read(): readonly Group[] {
    this.#groups ??= this.#ofGrouping(() => this.#checked(this.#grouping.groups(this.#state)));
    return this.#groups;
  }

  /** What the voter says of the votes, each of them for the answer of its group. */
  #standing(groups: readonly Group[], pending?: number, missing?: number): Standing {
    const votes = groups.flatMap(([speaker, ...others]) => [
      speaker as Vote,
      ...others.map((vote) => inFavourOf(speaker as Vote, vote)),
    ]);
    const voter = this.#voter;
    const counted = inPanelOrder(votes).reduce<unknown>(
      (state, vote) => voter.add(state, vote),
      returned(voter.init(this.#context.query)),
    );
    return returned(voter.tally(counted, pending, missing));
  }

  /** The groups with the votes of each in panel order, the largest first. */
  #checked(groups: readonly Group[]): readonly Group[] {
    return returned(groups, groupsOf(this.#count))
      .map((group) => inPanelOrder(group))
      .sort((a, b) => b.length - a.length || (a[0] as Vote).index - (b[0] as Vote).index);
  }

  #ofGrouping<Result>(work: () => Result): Result {
    try {
      return returned(work());
    } catch (error) {
      throw isA(error, UserCodeError) ? error : this.#error(error);
    }
  }

  #error(cause: unknown): UserCodeError {
    return new UserCodeError(`the grouping ${quotedName(this.#grouping.name)}`, { cause });
  }
}

/** Expects groups of this many votes. */
const groupsOf =
  (count: number) =>
  (groups: unknown): string | undefined => {
    if (hasMethods(groups, 'init', 'add', 'groups'))
      return 'groups, not a grouping (call it, and pass what it returns)';
    if (
      !isArray(groups) ||
      !groups.every((group) => isArray(group) && group.length > 0 && group.every(isVote))
    )
      return 'groups, which are arrays of at least one vote';
    const votes = groups.flat() as readonly Vote[];
    if (votes.length !== count || new Set(votes).size !== count)
      return `each of the ${count} votes in one group`;
    const places = new Map<string, unknown>();
    const isDivided = (groups as readonly Group[]).some((group) =>
      group.some(({ key }) => {
        const earlier = places.get(key) ?? group;
        places.set(key, group);
        return earlier !== group;
      }),
    );
    return isDivided ? 'votes with the same key in the same group' : undefined;
  };

const isVote = (value: unknown): boolean => isObject(value) && 'key' in value && 'index' in value;
