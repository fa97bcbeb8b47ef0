import { catchError, concatMap, from, map, type Observable, of, toArray } from 'rxjs';
import { answerKey } from '../../domain/answer-key.ts';
import { CrucibleError } from '../../domain/errors.ts';
import type { FieldStanding, FieldStandings } from '../../domain/field-standing.ts';
import { faultOf, isA } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import { isRecord } from '../../domain/is-record.ts';
import { inPanelOrder, type Outcome, type Vote } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import { setOwn, toRecord } from '../../domain/record.ts';
import type { RefiningWith, Standing, Voter, VoterTraits } from '../../domain/voter.ts';
import { fromUnits } from '../../domain/weight-units.ts';
import { ofType, reading, recordFaults, refuse, valueFault } from '../../options.ts';
import {
  addValue,
  byFirst,
  type FieldPoll,
  isNamed,
  openPoll,
  type PollStanding,
  standingOf,
} from './fields/field-poll.ts';
import { aFieldRule, type FieldRule, isGrouping, voterOfRule } from './fields/field-rule.ts';
import { saidOf } from './fields/said-of.ts';
import { majority } from './majority.ts';

/** The count of each field, and of whole answers, so that a vote with the elected answer can be quoted. */
interface FieldCount {
  readonly votes: Vote[];
  readonly polls: Map<string, FieldPoll>;
  readonly spokesmen: Map<string, Vote>;
}

/** The rule of a field, as a voter. */
interface Ruled {
  readonly voter: Voter;
  /** Whether it groups values and counts the groups. */
  readonly groups: boolean;
}

const entriesOf = ({ answer }: Vote): readonly [string, unknown][] =>
  isRecord(answer) ? Object.entries(answer) : [];

/** The value of a field of an answer; `undefined` if it has none. */
const valueIn = ({ answer }: Vote, field: string): unknown =>
  isRecord(answer) && Object.hasOwn(answer, field) ? Reflect.get(answer, field) : undefined;

/**
 * Votes on each field of an object separately. The answer consists of the winning values, so it may be one that no single model
 * gave. For `json` and `schema(...)` answers: an answer that is not an object has no vote for any field.
 *
 * Each field has a rule of its own: a voter such as `median()` or `setVote()`, a grouping such as `byTolerance(2)`, a function of
 * the values, or a name. `union` and `intersection` are of lists, and `longest` is the text with the most characters. For a field
 * without a rule the value wins that most models gave, ties as in {@link majority}. An object within the answer is one value,
 * unless its rule is `fieldwise` again; a list of objects is aligned by `rowwise`.
 *
 * A field that most answers do not have is left out. Where values are counted, `null` is one of them and leaving the field out is
 * another. To all other rules `null` is no value: the field is `null` if most answers have no value, and no more of them leave it
 * out than say `null`. A list that is missing is an empty one, unless no answer has a list.
 *
 * `metadata.warnings` tells of a rule of a field that no answer has, and of a rule that finds no value, as `median` of texts.
 *
 * `metadata.fields` has the consensus of each field, and the models behind each value. `metadata.consensus` is that of the least agreed field,
 * and `metadata.votes` counts `field=value`. `decided` waits until no field can change: with a rule that every vote can
 * change, such as `median`, for all.
 *
 * @param rules the rule of each field, by its name. Default: none.
 *
 * @throws {ConfigError} for an invalid rule.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, fieldwise } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [
 *     defineModel('a', () => '{"city": "Paris", "rooms": 403, "tags": ["art"]}'),
 *     defineModel('b', () => '{"city": "Paris", "rooms": 410, "tags": ["art", "palace"]}'),
 *     defineModel('c', () => '{"city": "Lyon", "rooms": 398, "tags": []}'),
 *   ],
 *   normalization: 'json',
 *   strategy: fieldwise({ rooms: 'median', tags: 'union' }),
 * });
 * const { answer, metadata } = await ensemble.predict('Where is the Louvre?');
 * answer; // => { city: 'Paris', rooms: 403, tags: ['art', 'palace'] }
 * metadata.fields?.city?.said; // => [{ value: 'Paris', models: ['a', 'b'] }, { value: 'Lyon', models: ['c'] }]
 * ```
 */
export const fieldwise = (rules: Readonly<Record<string, FieldRule>> = {}): Voter =>
  reading('fieldwise', () => {
    const fault = valueFault('fieldwise: the rules', ofType('object'), rules);
    refuse(fault === undefined ? recordFaults('fieldwise', rules, aFieldRule) : [fault]);
    const ruled = new Map<string, Ruled>(
      Object.entries(rules).map(([field, rule]) => [
        field,
        { voter: voterOfRule(rule), groups: isGrouping(rule) },
      ]),
    );
    const { ceiling, faults } = boundsOf([...ruled.values()].map(({ voter }) => voter));
    const voter: Voter<FieldCount> = {
      name: 'fieldwise',
      init: () => ({
        votes: [],
        polls: new Map(
          Array.from(ruled, ([field, rule]) => [field, openPoll(field, rule.voter, rule.groups)]),
        ),
        spokesmen: new Map(),
      }),
      add(count, vote) {
        const { votes, polls, spokesmen } = count;
        votes.push(vote);
        const spokesman = spokesmen.get(vote.key);
        if (spokesman === undefined || vote.index < spokesman.index) spokesmen.set(vote.key, vote);
        const fields = entriesOf(vote);
        for (const [place, [field, value]] of fields.entries()) {
          const poll = polls.get(field) ?? openPoll(field, majority(), true);
          polls.set(field, poll);
          addValue(poll, vote, value, place);
        }
        if (ruled.size === 0) return count;
        const named = new Set(fields.map(([field]) => field));
        for (const field of ruled.keys())
          if (!named.has(field)) addValue(polls.get(field) as FieldPoll, vote);
        return count;
      },
      tally: (count, pending = Number.POSITIVE_INFINITY, missing = 0) => tallyOf(count, pending, missing),
      ...(ceiling !== undefined && { ceiling }),
      ...(faults !== undefined && { faults }),
      [internal]: traitsOf(ruled),
    };
    return voter;
  });

const hintOfObjects = (_: Standing['votes'], outcomes: readonly Outcome[]): string | undefined =>
  outcomes.some((outcome) => outcome.status === 'answered' && isRecord(outcome.answer))
    ? undefined
    : "no answer is an object: set `normalization` to 'json' or to schema(…), so that texts are read as objects";

const tallyOf = (
  { votes: cast, polls, spokesmen }: FieldCount,
  pending: number,
  missing: number,
): Standing => {
  const opened = [...polls.values()];
  const standings = opened
    .filter((poll) => poll.counted > 0 || isNamed(poll))
    .map((poll) => standingOf(poll, cast.length, pending, missing));
  const given = standings.filter(({ poll }) => isNamed(poll)).sort((a, b) => byFirst(a.poll, b.poll));
  const kept = given.filter(({ isKept }) => isKept);
  const answer =
    kept.length === 0 ? undefined : toRecord(byName(kept), (standing): unknown => standing.answer);
  const weakest = kept.reduce<PollStanding | undefined>(
    (a, b) => (a === undefined || b.lead - b.runnerUp < a.lead - a.runnerUp ? b : a),
    undefined,
  );
  // One more vote may name a new field, but one vote is not enough to keep it.
  const unseen = opened
    .filter((poll) => poll.counted === 0 && !isNamed(poll))
    .map(({ absentUnits }) => fromUnits(absentUnits ?? 0));
  return {
    answer,
    leadingVote: answer === undefined ? undefined : spokesmen.get(answerKey(answer)),
    consensus:
      kept.length === 0
        ? 0
        : leastOf(
            1,
            kept.map(({ consensus }) => consensus),
          ),
    lead: weakest?.lead ?? 0,
    runnerUp: weakest?.runnerUp ?? 0,
    total: cast.length,
    margin: leastOf(cast.length, [...standings.map(({ margin }) => margin), ...unseen]),
    get votes(): Record<string, number> {
      const counts: Record<string, number> = {};
      for (const { poll, votes } of given)
        for (const [key, count] of Object.entries(votes)) setOwn(counts, `${poll.name}=${key}`, count);
      return counts;
    },
    get fields(): FieldStandings {
      const ordered = inPanelOrder(cast);
      return toRecord(byName(given), (standing) => fieldOf(standing, ordered));
    },
  };
};

/** Not by `Math.min`, which takes no more arguments than fit on the stack. */
const leastOf = (most: number, numbers: readonly number[]): number =>
  numbers.reduce((least, number) => Math.min(least, number), most);

const byName = (standings: readonly PollStanding[]): ReadonlyMap<string, PollStanding> =>
  new Map(standings.map((standing) => [standing.poll.name, standing]));

/** The standing of a field, with the models behind each value. */
const fieldOf = (
  { poll, isKept, answer, consensus, fields }: PollStanding,
  votes: readonly Vote[],
): FieldStanding => {
  const { name } = poll;
  const said = saidOf(votes.map((vote) => ({ model: vote.model, value: valueIn(vote, name) })));
  return { ...(isKept && { answer }), consensus, ...said, ...(fields !== undefined && { fields }) };
};

/** What the voters of rules say of a panel: the most that a vote can add to any value, and what does not fit. */
const boundsOf = (voters: readonly Voter[]): Pick<Voter, 'ceiling' | 'faults'> => ({
  ...(voters.some(({ ceiling }) => ceiling !== undefined) && {
    ceiling: (model) => Math.max(1, ...voters.map((voter) => voter.ceiling?.(model) ?? 1)),
  }),
  ...(voters.some(({ faults }) => faults !== undefined) && {
    faults: (panel) => voters.flatMap((voter) => voter.faults?.(panel) ?? []),
  }),
});

const traitsOf = (ruled: ReadonlyMap<string, Ruled>): VoterTraits => {
  const traits = Array.from(ruled, ([field, { voter }]) => ({ field, ...voter[internal] }));
  const undecided = traits.find(({ undecidedBecause }) => undecidedBecause !== undefined);
  return {
    warningsOf: warningsWith(ruled),
    hintOf: hintOfObjects,
    usesConfidence: traits.some(({ usesConfidence }) => usesConfidence === true),
    ...(undecided !== undefined && {
      undecidedBecause: `${undecided.undecidedBecause} of ${quotedName(undecided.field)}`,
    }),
    ...(traits.some(({ refine }) => refine !== undefined) && {
      refine: (count, context) => refined(count as FieldCount, context),
    }),
  };
};

/** Tells which rules have nothing to count, or find no value. */
const warningsWith =
  (ruled: ReadonlyMap<string, Ruled>): NonNullable<VoterTraits['warningsOf']> =>
  (standings, path = '', owner = 'answer') => {
    if (standings.length === 0) return [];
    return Array.from(ruled).flatMap(([field, { voter, groups }]) => {
      const found = standings.flatMap((fields) =>
        Object.hasOwn(fields, field) ? (fields[field] ?? []) : [],
      );
      const rule = `the rule of the field ${quotedName(`${path}${field}`)}`;
      if (found.length === 0) return [`${rule} has no effect, because no ${owner} has this field`];
      const isWithout = found.some(hasNoValue) && openPoll(field, voter, groups).leftOut === 'rare';
      return [
        ...(isWithout
          ? [
              `${rule} finds no value among those that were given, so that the field is left out: is it for other values?`,
            ]
          : []),
        ...(voter[internal]?.warningsOf?.(
          found.flatMap(({ fields }) => (fields === undefined ? [] : [fields])),
          `${path}${field}.`,
          owner,
        ) ?? []),
      ];
    });
  };

/** Whether a field is left out although enough answers have a value. */
const hasNoValue = (standing: FieldStanding): boolean => {
  if ('answer' in standing) return false;
  const { said, without } = standing;
  const count = (isNull: boolean): number =>
    said.reduce((sum, { value, models }) => ((value === null) === isNull ? sum + models.length : sum), 0);
  return count(false) > 0 && count(false) >= count(true) + without.length;
};

/** Refines the groups of each field. One that fails leaves the groups of its field as they are, with a warning. */
const refined = (count: FieldCount, context: RefiningWith): Observable<FieldCount> => {
  const reports: Record<string, unknown> = {};
  const refining = [...count.polls.values()].filter(
    ({ voter, counted }) => counted > 0 && voter[internal]?.refine,
  );
  return from(refining).pipe(
    concatMap((poll) => {
      const report = (details: unknown): void => setOwn(reports, poll.name, details);
      const refined$ = poll.voter[internal]?.refine?.(poll.state, { ...context, report }) ?? of(poll.state);
      return refined$.pipe(
        catchError((error: unknown) => {
          const why = isA(error, CrucibleError) ? `failed: ${error.message}` : faultOf(error);
          context.warn(
            `the groups of the field ${quotedName(poll.name)} are not refined, because the grouping ${why}`,
          );
          return of(poll.state);
        }),
        map((state) => {
          poll.state = state;
        }),
      );
    }),
    toArray(),
    map(() => {
      if (Object.keys(reports).length > 0) context.report(reports);
      return count;
    }),
  );
};
