import { catchError, forkJoin, map, type Observable, of } from 'rxjs';
import type { DecisionContext } from '../../domain/decider.ts';
import { ModelError } from '../../domain/errors.ts';
import { isA, returned } from '../../domain/foreign.ts';
import type { Model } from '../../domain/model.ts';
import { UserCodeError } from '../../domain/no-prediction.ts';
import type { Abstention } from '../../domain/normalizer.ts';
import { suchThat } from '../../options.ts';
import { askForReply, isAbstention } from '../ask-for-reply.ts';
import { askingAbout, type ShownAnswer } from '../candidates.ts';
import type { ReplySchema } from '../tidied.ts';
import { type Grade, type GradeScale, gradeScaleOf, type JuryScale } from './scale.ts';

/** What a juror says. */
export interface JurorGrade {
  /** The id of the model. */
  readonly juror: string;
  /** Its grade; `undefined` if it has none. Of a pair, `first`, `second` or `tie`. */
  readonly grade: Grade | undefined;
  /** The grade as a number from 0, the worst, to 1, the best. */
  readonly score: number | undefined;
  /** Why, in the words of the juror. */
  readonly reason?: string;
  /** Why it has no grade. */
  readonly fault?: string;
  /** Of a pair: its choice when the first answer stood first, and when the second did; `undefined` for no choice. */
  readonly choices?: readonly [first: PairGrade | undefined, second: PairGrade | undefined];
}

/** The better one of two answers. */
export type PairGrade = 'first' | 'second' | 'tie';

/** The verdict of a jury on an answer, or on a pair of them. */
export interface JuryVerdict {
  /** The grade; `undefined` if fewer than a strict majority of the jurors stand behind one. Of a pair, as in {@link JurorGrade}. */
  readonly grade: Grade | undefined;
  /** The grade as a number from 0, the worst, to 1, the best. Of a pair, 1 if the first answer is better, 0.5 for a tie. */
  readonly score: number | undefined;
  /** Why there is no grade. */
  readonly fault?: string;
  /** The share of all jurors that stand behind the grade, or behind the one that has most, 0..1. */
  readonly support: number;
  /** What each juror says, in the order of the members. */
  readonly jurors: readonly JurorGrade[];
  /** Why a person should look at it; absent if no one need. */
  readonly review?: string;
}

/** Says whether a person should look at a verdict: `true`, or a text with the reason. */
export type ReviewRule = (verdict: JuryVerdict) => boolean | string | undefined;

/** The part of a jury on which its verdicts depend. */
export interface JurySettings {
  readonly members: readonly Model[];
  readonly rubric?: string | undefined;
  readonly review?: ReviewRule | undefined;
}

/** What a jury grades: one answer, or two with the scale `pairwise`. */
export interface JuryTask extends Pick<DecisionContext, 'query' | 'call'> {
  readonly scale: JuryScale;
  readonly answers: readonly string[];
  /** The right answer, if it is known. */
  readonly expected?: string | undefined;
}

/**
 * Emits the verdict of a jury. A juror whose call fails or whose reply cannot be read has no grade, and counts against each
 * one. Errors with a UserCodeError if the rule for reviews throws.
 */
export const juryVerdict = (
  { members, rubric, review }: JurySettings,
  task: JuryTask,
): Observable<JuryVerdict> => {
  const grades = gradeScaleOf(task.scale);
  const ask = task.scale === 'pairwise' ? comparedBy : gradedBy;
  return forkJoin(members.map((model) => ask(model, rubric, grades, task))).pipe(
    map((jurors) => reviewed(verdictOf(jurors, grades), review)),
  );
};

const verdictOf = (jurors: readonly JurorGrade[], scale: GradeScale): JuryVerdict => {
  const grades = jurors.flatMap(({ grade }) => grade ?? []);
  const { grade, behind } = scale.verdictOn(grades) ?? { grade: undefined, behind: 0 };
  const support = behind / jurors.length;
  return grade !== undefined && 2 * behind > jurors.length
    ? { grade, score: scale.scoreOf(grade), support, jurors }
    : { grade: undefined, score: undefined, fault: withoutMajority(behind, jurors), support, jurors };
};

const withoutMajority = (behind: number, jurors: readonly JurorGrade[]): string => {
  const silent = jurors.filter(({ grade }) => grade === undefined);
  const why = silent.map(({ juror, fault }) => `${juror}: ${fault}`).join('; ');
  return `no strict majority: ${behind} of ${jurors.length} jurors stand behind one grade${why && ` (${why})`}`;
};

const reviewed = (verdict: JuryVerdict, rule: ReviewRule | undefined): JuryVerdict => {
  if (rule === undefined) return verdict;
  try {
    const review = returned(rule(verdict), aReview);
    return review === false || review === undefined || review === ''
      ? verdict
      : { ...verdict, review: review === true ? 'by its rule' : review };
  } catch (cause) {
    throw new UserCodeError('"review" of jury', { cause });
  }
};

const aReview = suchThat('a boolean, a text or undefined', (value) =>
  ['boolean', 'string', 'undefined'].includes(typeof value),
);

/** Emits the grade of a juror for one answer. */
const gradedBy = (
  model: Model,
  rubric: string | undefined,
  { schema, form, faultOf, scoreOf }: GradeScale,
  task: JuryTask,
): Observable<JurorGrade> => {
  const instructions =
    rubric !== undefined
      ? `Grade by this rubric: ${rubric}`
      : task.expected !== undefined
        ? 'Grade whether the answer means the same as the right answer.'
        : 'Grade whether the answer is right, and then whether it is complete and clear.';
  const query = askingAbout(shownAs(task.answers), task, {
    task: `You grade an answer to a question. ${instructions} Its length says nothing about it.`,
    form: `Reply with JSON alone, in this form: {"reason": "…", "grade": …}. The grade is ${form}.`,
    rightAnswer: task.expected,
  });
  return opinionOf(model, query, { reason: REASON, grade: schema }, task).pipe(
    map((opinion) => {
      const fault = isAbstention(opinion) ? opinion.reason : faultOf(opinion.grade);
      if (isAbstention(opinion) || fault !== undefined) return withoutGrade(model, fault ?? '');
      const { grade, reason } = opinion;
      return { juror: model.id, grade, score: scoreOf(grade), ...(reason !== undefined && { reason }) };
    }),
    catchError((error) => of(withoutGrade(model, failed(error)))),
  );
};

/** Emits which of two answers a juror finds better, asked in both orders. */
const comparedBy = (
  model: Model,
  rubric: string | undefined,
  { scoreOf }: GradeScale,
  task: JuryTask,
): Observable<JurorGrade> => {
  const choiceIn = (answers: readonly string[]): Observable<Choice> => {
    const query = askingAbout(shownAs(answers), task, {
      task: `You compare two answers to a question. Choose the ${rubric === undefined ? 'answer that is right. Of two right answers, choose the one that is complete and clear.' : `one that meets this rubric better: ${rubric}`} Their order and their length say nothing about them.`,
      form: 'Reply with JSON alone, in this form: {"reason": "…", "grade": "A"}. The grade is the letter of the better answer, or "tie" if neither is better.',
      rightAnswer: task.expected,
    });
    return opinionOf(model, query, { reason: REASON, grade: LETTERS }, task).pipe(
      map((opinion) =>
        isAbstention(opinion) ? { fault: opinion.reason } : { letter: opinion.grade, reason: opinion.reason },
      ),
      catchError((error) => of({ fault: failed(error) })),
    );
  };
  const orders = [task.answers, task.answers.toReversed()];
  // Both are asked to the end: each is paid for, and tells whether the juror prefers a place.
  return forkJoin(orders.map(choiceIn)).pipe(
    map(([one = {}, other = {}]) => {
      const choices = [PLACES[0][one.letter as never], PLACES[1][other.letter as never]] as const;
      const [grade, second] = choices;
      const fault = one.fault ?? other.fault;
      if (grade === undefined || grade !== second)
        return { ...withoutGrade(model, fault ?? CONTRADICTION), choices };
      const { reason } = one;
      return {
        juror: model.id,
        grade,
        score: scoreOf(grade),
        ...(reason !== undefined && { reason }),
        choices,
      };
    }),
  );
};

/** The fault of a juror that chose differently in the other order. */
const CONTRADICTION = 'it contradicts itself: asked in two orders, it chose differently';

/** What a juror says in one order. */
interface Choice {
  readonly letter?: Grade;
  readonly reason?: string | undefined;
  readonly fault?: string;
}

/** What a letter means in each order. */
const PLACES: readonly [Readonly<Record<string, PairGrade>>, Readonly<Record<string, PairGrade>>] = [
  { A: 'first', B: 'second', tie: 'tie' },
  { A: 'second', B: 'first', tie: 'tie' },
];

const LETTERS: ReplySchema = { type: 'string', enum: ['A', 'B', 'tie'] };

// The grade comes last, so that the reason is written before it.
const REASON: ReplySchema = { type: 'string', description: 'Why, in a sentence or two.' };

/** What a juror replies. */
interface Opinion {
  readonly reason?: string;
  readonly grade: Grade;
}

const opinionOf = (
  model: Model,
  query: ReturnType<typeof askingAbout>,
  properties: Readonly<Record<keyof Opinion, ReplySchema>>,
  { call }: JuryTask,
): Observable<Opinion | Abstention> =>
  askForReply<Opinion>(
    { model, role: 'judge', query, properties, optional: ['reason'], voteOf: ({ grade }) => grade },
    { call },
  );

const shownAs = (answers: readonly string[]): ReadonlyMap<string, ShownAnswer> =>
  new Map(answers.map((text, place) => [place === 0 ? 'A' : 'B', { text, count: 1 }]));

const withoutGrade = ({ id }: Model, fault: string): JurorGrade => ({
  juror: id,
  grade: undefined,
  score: undefined,
  fault,
});

const failed = (error: unknown): string => {
  if (!isA(error, ModelError)) throw error;
  return `it failed: ${error.message}`;
};
