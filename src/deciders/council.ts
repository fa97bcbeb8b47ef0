import { catchError, concatMap, forkJoin, map, type Observable, of } from 'rxjs';
import type { Decider, DecisionContext, FinalTally, Verdict } from '../domain/decider.ts';
import { ModelError } from '../domain/errors.ts';
import type { StopRule } from '../domain/execution.ts';
import { isA } from '../domain/foreign.ts';
import type { Model } from '../domain/model.ts';
import { type Abstention, abstain } from '../domain/normalizer.ts';
import { seedCheck } from '../models/random.ts';
import { aModel, checked, oneOf, reading, suchThat } from '../options.ts';
import { countRankings, type RankingMethod } from '../strategies/voting/ranking/methods.ts';
import type { Ballot } from '../strategies/voting/ranking/pairwise.ts';
import { askForReply, isAbstention } from './ask-for-reply.ts';
import { askingAbout, lettered, shuffledCandidates } from './candidates.ts';
import { isDecidedByVotes, unlessSpec } from './unless.ts';
import { writtenFrom } from './written-from.ts';

/** Options of {@link council}. */
export interface CouncilOptions {
  /** The models that rank. Default: the members of the panel that voted, which do not rank their own answers. */
  readonly rankers?: readonly Model[];
  /** The model that writes the answer, from all answers in their ranks. Default: none, and the best answer wins as it is. */
  readonly chairman?: Model;
  /** How rankings are counted, as by `rankedChoice`. Default `borda`. */
  readonly method?: RankingMethod;
  /** When the votes decide. Default: the leader has more than half of the votes cast. `never()` asks whenever it can. */
  readonly unless?: StopRule;
  /** Another seed shows the answers in other orders. Default 0. */
  readonly seed?: number | string;
}

/**
 * Returns a decider that lets the members rank the answers of each other, where the votes do not decide. Each reads them
 * without names and in an order of its own, and never its own answer. The best ranked answer wins; with a `chairman`, it writes
 * the answer from all of them, best first.
 *
 * ```text
 * a, b, c     --L--P--N|
 * rankings             ^--(NP)(LN)(LP)|
 * chairman                            ^---W|
 * prediction  -----------------------------(W|)
 * ```
 *
 * Costs one call with the role `ranker` for each member that voted, and one with the role `chairman` if there is one; none if
 * `unless` says so. There is no verdict if fewer than half of the rankings count, or if a member would have fewer than two
 * answers to rank: with two answers in all, name other `rankers`. A chairman that writes nothing that counts leaves the best
 * ranked answer.
 *
 * `details` has the rankings, by the keys of the answers, and the scores.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, type Model } from 'crucible-ensemble';
 * import { council } from 'crucible-ensemble/deciders';
 *
 * // Answers a question, and ranks longer answers first.
 * const member = (id: string, answer: string): Model =>
 *   defineModel(id, (prompt) => {
 *     const shown = [...prompt.matchAll(/<answer-(\w+)-\w+>\n(.*)\n/g)].sort((a, b) => b[0].length - a[0].length);
 *     return shown.length === 0 ? answer : JSON.stringify({ reason: 'Longer.', ranking: shown.map(([, letter]) => letter) });
 *   });
 * const ensemble = createEnsemble({
 *   models: [member('a', 'A loop.'), member('b', 'A function that calls itself.'), member('c', 'Repetition.')],
 *   decide: council(),
 * });
 * const { text, metadata } = await ensemble.predict('What is recursion?');
 * text; // => 'A function that calls itself.'
 * metadata.decision?.reason; // => 'ranked first by 2 of 3'
 * ```
 */
export const council = (options: CouncilOptions = {}): Decider =>
  reading('council', () => {
    const { rankers, chairman, method, unless, seed } = checked('council', options, {
      rankers: suchThat('an array of at least one model', isListOfModels),
      chairman: aModel,
      method: [oneOf(['borda', 'condorcet', 'instantRunoff'], ''), 'borda'],
      unless: unlessSpec,
      seed: [seedCheck, 0],
    });
    return {
      name: 'council',
      decide(tally, context) {
        if (isDecidedByVotes('council', unless, tally)) return undefined;
        const asked = (rankers ?? votersOf(tally, context))
          .map((model) => ({ model, barred: ownAnswers(model, tally) }))
          .filter(({ barred }) => tally.groups.length - barred.size >= 2);
        if (asked.length === 0)
          return abstain('no member has two answers of others to rank; name "rankers" that are no members');
        return forkJoin(asked.map((ranker) => ballotOf(ranker, seed, tally, context))).pipe(
          map((replies) => electedBy(replies, method)),
          concatMap((elected) =>
            isAbstention(elected) || chairman === undefined
              ? of(elected)
              : writtenBy(chairman, elected, tally, context),
          ),
        );
      },
    };
  });

const isListOfModels = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((model) => aModel(model) === undefined);

const votersOf = ({ groups }: FinalTally, { models }: DecisionContext): readonly Model[] => {
  const voters = new Set(groups.flat().map(({ model }) => model));
  return models.filter(({ id }) => voters.has(id));
};

/** The keys of the answers that a model has voted for. */
const ownAnswers = ({ id }: Model, { groups }: FinalTally): ReadonlySet<string> =>
  new Set(
    groups.flatMap(([speaker, ...others]) =>
      speaker !== undefined && [speaker, ...others].some(({ model }) => model === id) ? [speaker.key] : [],
    ),
  );

/** A model that ranks, and the answers that it does not rank. */
interface Ranker {
  readonly model: Model;
  readonly barred: ReadonlySet<string>;
}

/** The ballot of a ranker, by the keys of the answers. */
interface RankerBallot extends Ballot {
  readonly model: string;
}

/** Emits the ballot of a ranker, the reason why it has none, or the error of its call. */
const ballotOf = (
  { model, barred }: Ranker,
  seed: number | string,
  tally: FinalTally,
  context: DecisionContext,
): Observable<RankerBallot | Abstention | ModelError> => {
  // An order of its own for each ranker, so that no answer is first for all of them.
  const candidates = shuffledCandidates(tally, context, `${seed}\n${model.id}`);
  const shown = lettered(candidates.filter(({ speaker }) => !barred.has(speaker.key)));
  const letters = [...shown.keys()];
  return askForReply<Ranking>(
    {
      model,
      role: 'ranker',
      query: askingAbout(shown, context, { task: TASK, form: formOf(letters) }),
      properties: {
        reason: { type: 'string' },
        ranking: { type: 'array', items: { type: 'string', enum: letters } },
      },
      optional: ['reason'],
      voteOf: ({ ranking }) => ranking,
    },
    context,
  ).pipe(
    map((reply) => {
      if (isAbstention(reply)) return reply;
      const ranking = [...new Set(reply.ranking)].flatMap((letter) => shown.get(letter)?.speaker.key ?? []);
      return ranking.length < letters.length
        ? abstain(`the ranking of ${model.id} leaves answers out`)
        : { model: model.id, ranking, barred };
    }),
    catchError((error: unknown) => {
      if (isA(error, ModelError)) return of(error);
      throw error;
    }),
  );
};

/** What a ranker replies. */
interface Ranking {
  readonly reason?: string;
  readonly ranking: readonly string[];
}

const TASK =
  'You rank answers to a question, the best first: by whether they are right, and then by whether they are complete and clear. ' +
  'Their order and their length say nothing about them.';

const formOf = (letters: readonly string[]): string =>
  `Reply with JSON alone, in this form: {"reason": "…", "ranking": ${JSON.stringify(letters)}}. ` +
  'The ranking has each letter once, that of the best answer first.';

/** The best ranked answer, and all of them from the best to the worst. */
interface Elected {
  readonly key: string;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** @throws {ModelError} if no ballot counts because calls failed. */
const electedBy = (
  replies: readonly (RankerBallot | Abstention | ModelError)[],
  method: RankingMethod,
): Elected | Abstention => {
  const ballots = replies.filter((reply): reply is RankerBallot => 'ranking' in reply);
  if (ballots.length * 2 < replies.length || ballots.length === 0) {
    const fault = replies.find((reply) => !('ranking' in reply)) as Abstention | ModelError;
    if (isA(fault, ModelError) && ballots.length === 0) throw fault;
    const why = isA(fault, ModelError) ? fault.message : fault.reason;
    return abstain(`only ${ballots.length} of ${replies.length} rankings count: ${why}`);
  }
  const { winner, scores } = countRankings(ballots, method);
  if (winner === undefined) return abstain('the rankings have no winner');
  const first = ballots.filter(({ ranking }) => ranking[0] === winner).length;
  return {
    key: winner,
    reason: `ranked first by ${first} of ${ballots.length}`,
    details: {
      method,
      scores: Object.fromEntries(scores),
      rankings: ballots.map(({ model, ranking }) => ({ model, ranking })),
    },
  };
};

const CHAIRMAN_NOTE =
  'They stand in the order in which a council ranked them, the best first. The council may be wrong.';

/** Lets the chairman write the answer. Emits the best ranked answer if it writes none that can be read. */
const writtenBy = (
  chairman: Model,
  elected: Elected,
  tally: FinalTally,
  context: DecisionContext,
): Observable<Verdict> => {
  const scores = elected.details.scores as Readonly<Record<string, number>>;
  const scoreOf = (key: string): number =>
    key === elected.key ? Number.POSITIVE_INFINITY : (scores[key] ?? 0);
  const ranked = shuffledCandidates(tally, context, 0).toSorted(
    (a, b) => scoreOf(b.speaker.key) - scoreOf(a.speaker.key) || a.speaker.index - b.speaker.index,
  );
  const withoutText = (why: string): Verdict => ({
    ...elected,
    reason: `${elected.reason}; the chairman wrote no answer: ${why}`,
  });
  return writtenFrom(lettered(ranked), chairman, context, CHAIRMAN_NOTE).pipe(
    map((written) =>
      isAbstention(written)
        ? withoutText(written.reason)
        : { ...written, reason: elected.reason, details: { ...elected.details, ...written.details } },
    ),
    catchError((error: unknown) => {
      if (!isA(error, ModelError)) throw error;
      return of(withoutText(error.message));
    }),
  );
};
