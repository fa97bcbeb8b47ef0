import { catchError, forkJoin, map, type Observable, of } from 'rxjs';
import type { Decider, DecisionContext, FinalTally, Verdict } from '../domain/decider.ts';
import { ModelError } from '../domain/errors.ts';
import type { StopRule } from '../domain/execution.ts';
import { isA } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import { type Abstention, abstain } from '../domain/normalizer.ts';
import { aModel, checked, nonEmpty, ofType, reading, required, suchThat } from '../options.ts';
import { isAbstention } from './ask-for-reply.ts';
import { textOfVote } from './candidates.ts';
import { type JuryVerdict, juryVerdict, type ReviewRule } from './jury/jury-verdict.ts';
import { type JuryScale, scaleFaults } from './jury/scale.ts';
import { modelChoice } from './model-choice.ts';
import { isDecidedByVotes, unlessSpec } from './unless.ts';

/** Options of {@link jury}. */
export interface JuryOptions {
  /** The jurors, with different ids. A juror may be an ensemble: `yours.asModel('juror')`. */
  readonly members: readonly Model[];
  /**
   * What the jurors say of an answer: a number (`{ from: 1, to: 5 }`), one of some `labels`, or, of two answers, which is better
   * (`'pairwise'`, each pair in both orders). Default: as a decider they choose among all answers at once, in two orders; as a
   * scorer, and when they grade, they say `no` or `yes`.
   */
  readonly scale?: JuryScale;
  /** What makes an answer good, in words. Default: that it means the same as the right one if that is known, else that it is right. */
  readonly rubric?: string;
  /** Marks verdicts for a person: {@link needsReview}, or a function of your own. Default: none is marked. */
  readonly review?: ReviewRule;
  /** As a decider: when the votes decide. Default: the leader has more than half of the votes cast. `never()` asks always. */
  readonly unless?: StopRule;
}

/** A jury: the option `decide` of an ensemble, the `scorer` of an experiment, and what `grade` of experiments asks. */
export interface Jury extends Decider, Pick<JuryOptions, 'members' | 'scale' | 'rubric' | 'review'> {}

/**
 * Returns a jury: several models that grade answers, by themselves, and by a strict majority. More than half of its members
 * must stand behind a verdict. A member counts against it if its call fails, its reply cannot be read, or it contradicts itself
 * between two orders.
 *
 * As a decider it is asked if the votes do not decide, and the votes decide if it has no verdict:
 *
 * | `scale` | the jury chooses the answer | calls |
 * |---|---|---|
 * | none | that most jurors choose of all answers, in two orders | 2 a juror |
 * | numbers, labels | with the best grade; none if two share it, or an answer has no grade | 1 a juror and answer |
 * | `pairwise` | that most jurors prefer to each other one, in both orders | 2 a juror and pair of answers |
 *
 * `details` has the grade and the reason of each juror. Calls have the role `judge`, and their cost is part of the prediction.
 *
 * As a scorer of an experiment, a score is the grade as a number from 0 to 1; with `pairwise`, 1 if the answer is better than
 * the expected one, and 0.5 for a tie. An answer without a verdict has no score. By itself, it is asked by `grade` and
 * `gradeAll` of `crucible-ensemble/experiment`.
 *
 * @throws {ConfigError} that lists every invalid option.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { jury } from 'crucible-ensemble/deciders';
 *
 * // Likes answers that match, and gives a reason.
 * const juror = (id: string, liked: RegExp) =>
 *   defineModel(id, (text) => {
 *     const grade = liked.test(/<answer-A-\w+>\n(.*)/.exec(text)?.[1] ?? '') ? 5 : 2;
 *     return JSON.stringify({ reason: `It matches ${liked}.`, grade });
 *   });
 * const members = [juror('a', /because/), juror('b', /because/), juror('c', /^\w+$/)];
 * const ensemble = createEnsemble({
 *   models: ['Mercury', 'Venus, because it is hot'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   decide: jury({ members, scale: { from: 1, to: 5 } }),
 * });
 * const { text, metadata } = await ensemble.predict('Which planet has the longest day?');
 * text; // => 'Venus, because it is hot'
 * metadata.decision?.reason; // => 'graded 5, and the next best 2'
 * ```
 */
export const jury = (options: JuryOptions): Jury =>
  reading('jury', () => {
    const { members, scale, rubric, review, unless } = checked(
      'jury',
      options,
      {
        members: required(suchThat('an array of at least one model, with different ids', areMembers)),
        scale: () => undefined,
        rubric: nonEmpty,
        review: ofType('function'),
        unless: unlessSpec,
      },
      scaleFaults(options?.scale),
    );
    const settings = { members, ...given({ scale, rubric, review }) };
    return {
      name: 'jury',
      ...settings,
      decide(tally, context) {
        if (isDecidedByVotes('jury', unless, tally)) return undefined;
        if (scale === undefined) return chosenBy(settings, tally, context);
        return scale === 'pairwise'
          ? preferredBy(settings, tally, context)
          : gradedBest({ ...settings, scale }, tally, context);
      },
    };
  });

const areMembers = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((model) => aModel(model) === undefined) &&
  new Set(value.map(({ id }: Model) => id)).size === value.length;

type Settings = Omit<JuryOptions, 'unless'>;

/** Lets each juror choose among all answers, in two orders. */
const chosenBy = (
  { members, rubric }: Settings,
  tally: FinalTally,
  context: DecisionContext,
): Observable<Verdict | Abstention> =>
  forkJoin(
    members.map((model) =>
      modelChoice({ model, rubric, pick: 'best', seed: 0 }, tally, context).pipe(
        map((choice) =>
          isAbstention(choice)
            ? { juror: model.id, fault: choice.reason }
            : {
                juror: model.id,
                ...given({ key: 'key' in choice ? choice.key : undefined, reason: choice.reason }),
              },
        ),
        catchError((error: unknown) => {
          if (isA(error, ModelError)) return of({ juror: model.id, fault: `it failed: ${error.message}` });
          throw error;
        }),
      ),
    ),
  ).pipe(
    map((jurors: readonly JurorChoice[]) => {
      const counts = Map.groupBy(jurors, ({ key }) => key);
      const [key, { length }] = [...counts].find(
        ([each, { length: count }]) => each !== undefined && 2 * count > members.length,
      ) ?? [undefined, []];
      if (key !== undefined)
        return { key, reason: `chosen by ${length} of ${members.length} jurors`, details: { jurors } };
      const said = jurors.map(({ juror, key: choice, fault }) => `${juror}: ${choice ?? fault}`);
      return abstain(`no strict majority of its jurors: ${said.join('; ')}`);
    }),
  );

/** What a juror chose among all answers. */
interface JurorChoice {
  readonly juror: string;
  readonly key?: string;
  readonly reason?: string;
  readonly fault?: string;
}

/** An answer and its key. */
const answersIn = ({ groups }: FinalTally): readonly { readonly key: string; readonly text: string }[] =>
  groups.flatMap(([speaker]) =>
    speaker === undefined ? [] : [{ key: speaker.key, text: textOfVote(speaker) }],
  );

/** Lets the jury grade each answer, and takes the best one. */
const gradedBest = (
  settings: Settings & { readonly scale: JuryScale },
  tally: FinalTally,
  { query, call }: DecisionContext,
): Observable<Verdict | Abstention> =>
  forkJoin(
    answersIn(tally).map(({ key, text }) =>
      juryVerdict(settings, { query, call, scale: settings.scale, answers: [text] }).pipe(
        map((verdict) => ({ key, ...verdict })),
      ),
    ),
  ).pipe(
    map((grades) => {
      const without = grades.find(({ fault }) => fault !== undefined);
      if (without !== undefined) return abstain(`an answer has no grade: ${without.fault}`);
      const [best, next] = grades.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0));
      return best === undefined || best.score === next?.score
        ? abstain(`two answers are graded ${best?.grade}`)
        : {
            key: best.key,
            reason: `graded ${best.grade}, and the next best ${next?.grade}`,
            details: { grades },
          };
    }),
  );

/** Lets the jury compare each two answers, and takes the one that is preferred to all others. */
const preferredBy = (
  settings: Settings,
  tally: FinalTally,
  { query, call }: DecisionContext,
): Observable<Verdict | Abstention> => {
  const answers = answersIn(tally);
  const pairs = answers.flatMap((first, place) =>
    answers.slice(place + 1).map((second) => [first, second] as const),
  );
  return forkJoin(
    pairs.map(([first, second]) =>
      juryVerdict(settings, { query, call, scale: 'pairwise', answers: [first.text, second.text] }).pipe(
        map((verdict) => ({ keys: [first.key, second.key] as const, ...verdict })),
      ),
    ),
  ).pipe(
    map((comparisons) => {
      const winners = answers.filter(({ key }) => winsOf(key, comparisons) === answers.length - 1);
      const [winner] = winners;
      return winner === undefined
        ? abstain('no answer is preferred to each other one by a strict majority of its jurors')
        : {
            key: winner.key,
            reason: `preferred to each of ${answers.length - 1} others`,
            details: { comparisons },
          };
    }),
  );
};

const winsOf = (
  key: string,
  comparisons: readonly (JuryVerdict & { readonly keys: readonly [string, string] })[],
): number =>
  comparisons.filter(
    ({ keys: [first, second], grade }) => key === { first, second }[grade as 'first' | 'second'],
  ).length;
