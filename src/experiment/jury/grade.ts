import { catchError, defer, lastValueFrom, map, type Observable, of } from 'rxjs';
import { type JuryVerdict, juryVerdict } from '../../deciders/jury/jury-verdict.ts';
import { type JuryScale, YES_OR_NO } from '../../deciders/jury/scale.ts';
import type { Jury } from '../../deciders/jury.ts';
import { answerText } from '../../domain/answer-key.ts';
import { sumOf } from '../../domain/cost.ts';
import { isA } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { CancelledError, NoPredictionError } from '../../domain/no-prediction.ts';
import type { CostSource, Outcome } from '../../domain/outcome.ts';
import type { Pricing } from '../../domain/pricing.ts';
import type { Query } from '../../domain/request.ts';
import type { RoleCall } from '../../domain/role-call.ts';
import { toRequest } from '../../engine/to-request.ts';
import { createEnsemble } from '../../ensemble.ts';
import { mapPulling } from '../../operators/map-pulling.ts';
import {
  anIterable,
  bound,
  checked,
  faultsOf,
  hasMethods,
  limitMs,
  nonEmpty,
  ofType,
  oneOf,
  reading,
  refuse,
  required,
  suchThat,
} from '../../options.ts';
import { recallingModel } from '../journal/journaled.ts';

/** What a jury grades by itself. */
export interface JuryItem {
  /** Identifies the item in reports and in reviews. */
  readonly id: string;
  /** The question that is answered. */
  readonly question: Query;
  /** The answer to grade. */
  readonly answer?: unknown;
  /** The two answers to compare, with the scale `pairwise`. */
  readonly answers?: readonly [first: string, second: string];
  /** The sources of the two answers, such as models or prompts, for a ranking. The jury does not see them. */
  readonly competitors?: readonly [first: string, second: string];
  /** The right answer, if it is known. */
  readonly expected?: unknown;
}

/** The verdict of a jury on an item, and what it cost. */
export interface Graded extends JuryVerdict {
  readonly item: JuryItem;
  readonly scale: JuryScale;
  /** The calls of the jurors. */
  readonly outcomes: readonly Outcome[];
  /** The cost of these calls, as in a prediction. */
  readonly costUsd: number | undefined;
  readonly costSource: CostSource;
}

/** Options of {@link grade}. */
export interface GradeOptions {
  /** Prices of jurors that report only tokens. Default: reported costs only. */
  readonly pricing?: Pricing;
  /** The time limit of an attempt of a call, in milliseconds, or `Infinity`. Default 60,000. */
  readonly timeoutMs?: number;
  /** Aborts the calls in flight. */
  readonly signal?: AbortSignal;
  /** With `error`, makes no calls: jurors that are `journaled` answer from their journal. Default `call`. */
  readonly onMiss?: 'call' | 'error';
}

/** Options of {@link gradeAll}. */
export interface GradeAllOptions extends GradeOptions {
  /** The largest number of items in progress. Default 10. */
  readonly concurrency?: number;
}

/**
 * Lets a jury grade an answer, or compare two: resolves with the verdict, the grade and the reason of each juror, and the cost.
 *
 * Costs a call of each juror; with `pairwise` two, one in each order. Jurors that are `journaled` are paid for once. A juror
 * that fails counts against a verdict, and does not reject.
 *
 * @throws {ConfigError} for invalid arguments. Rejects with `CancelledError` if the signal aborts, and with `UserCodeError` if
 * the rule for reviews throws.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { grade, jury } from 'crucible-ensemble/experiment';
 *
 * const juror = (id: string, grade: number) => defineModel(id, () => JSON.stringify({ reason: `I am ${id}.`, grade }));
 * const panel = jury({ members: [juror('a', 4), juror('b', 5), juror('severe', 1)], scale: { from: 1, to: 5 } });
 * const verdict = await grade(panel, { id: '1', question: 'Why is the sky blue?', answer: 'Blue light is scattered more.' });
 * verdict.grade; // => 4
 * verdict.support.toFixed(2); // => '0.67'
 * verdict.jurors.map(({ reason }) => reason); // => ['I am a.', 'I am b.', 'I am severe.']
 * ```
 */
export const grade = (jury: Jury, item: JuryItem, options: GradeOptions = {}): Promise<Graded> =>
  reading('grade', () => {
    refuse([...juryFaults('grade', jury), ...itemFaults('grade', jury, item)]);
    return lastValueFrom(graded(jury, item, given(checked('grade', options, gradeSpecs))));
  });

/**
 * Lets a jury grade many items, as {@link grade} does: yields the verdicts in the order of the items. An item is read once
 * another one is complete.
 *
 * @throws {ConfigError} for invalid arguments; while iterating, for an invalid item.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { gradeAll, jury } from 'crucible-ensemble/experiment';
 *
 * const members = ['a', 'b', 'c'].map((id) =>
 *   defineModel(id, (text) => JSON.stringify({ reason: 'By its length.', grade: text.includes('\nBlue') ? 'yes' : 'no' })),
 * );
 * const items = ['Blue, by scattering.', 'No idea.'].map((answer, n) => ({ id: `${n}`, question: 'Why?', answer }));
 * const verdicts = await Array.fromAsync(gradeAll(jury({ members }), items));
 * verdicts.map(({ grade, score }) => [grade, score]); // => [['yes', 1], ['no', 0]]
 * ```
 */
export const gradeAll = (
  jury: Jury,
  items: Iterable<JuryItem> | AsyncIterable<JuryItem>,
  options: GradeAllOptions = {},
): AsyncIterable<Graded> =>
  reading('gradeAll', () => {
    const { concurrency, signal, ...others } = checked(
      'gradeAll',
      options,
      { ...gradeSpecs, concurrency: [bound(1), 10] },
      [...juryFaults('gradeAll', jury), ...faultsOf('gradeAll', { items }, { items: required(anIterable) })],
    );
    return mapPulling(
      items,
      (item) => {
        refuse(itemFaults('gradeAll', jury, item));
        return graded(jury, item, given({ ...others, signal }));
      },
      { concurrency, ordered: true, signal },
    );
  });

const gradeSpecs = {
  pricing: ofType('object'),
  timeoutMs: [limitMs, 60_000],
  signal: ofType('object'),
  onMiss: [oneOf(['call', 'error'], ''), 'call'],
} as const;

/** Whether a value is what `jury` returns. */
export const isJury = (value: unknown): value is Jury =>
  hasMethods(value, 'decide') && Array.isArray(Reflect.get(value as object, 'members'));

const juryFaults = (owner: string, jury: unknown): readonly string[] =>
  isJury(jury) ? [] : [`${owner}: expected a jury, which jury({ members }) returns, as the first argument`];

const itemFaults = (owner: string, { scale }: Jury, item: unknown): readonly string[] => {
  const isPair = scale === 'pairwise';
  const two = suchThat(
    'an array of two texts',
    (value) => Array.isArray(value) && value.length === 2 && value.every((text) => typeof text === 'string'),
  );
  const anyValue = () => undefined;
  const missing = suchThat(
    `absent: "${isPair ? 'answers' : 'answer'}" is graded`,
    (value) => value === undefined,
  );
  return faultsOf(`${owner}: item`, item, {
    id: required(nonEmpty),
    question: required(
      suchThat('a query', (value) => value !== null && ['string', 'object'].includes(typeof value)),
    ),
    answer: isPair ? missing : required(anyValue),
    answers: isPair ? required(two) : missing,
    competitors: isPair ? two : missing,
    expected: anyValue,
  });
};

/** Emits the verdict of a jury on an item. Errors as {@link grade} rejects. */
export const graded = (jury: Jury, item: JuryItem, options: GradeOptions = {}): Observable<Graded> =>
  defer(() => {
    const { answer, answers = [answerText(answer)], expected } = item;
    const { scale = YES_OR_NO } = jury;
    const outcomes: Outcome[] = [];
    return juryVerdict(jury, {
      query: toRequest(item.question, 'grade'),
      scale,
      answers,
      expected: expected === undefined || expected === null ? undefined : answerText(expected),
      call: callAlone(options, outcomes),
    }).pipe(
      map((verdict) => {
        const { costUsd, costSource } = sumOf(outcomes);
        return { ...verdict, item, scale, outcomes, costUsd, costSource };
      }),
    );
  });

/** Makes calls without a prediction around them, each as an ensemble of one model. Notes their outcomes. */
const callAlone =
  ({ onMiss, pricing, signal, timeoutMs }: GradeOptions, outcomes: Outcome[]): RoleCall =>
  (model, query, { role, normalization }) =>
    defer(() => {
      // The order of the jurors, not that in which they answer.
      const place = outcomes.length;
      outcomes.length += 1;
      return createEnsemble({
        models: [onMiss === 'error' ? recallingModel(model) : model],
        normalization: normalization as (text: string) => never,
        ...given({ pricing, timeoutMs }),
      })
        .predict$(query, given({ signal }))
        .pipe(
          map((prediction) => prediction.outcomes),
          catchError((error: unknown) => {
            if (!isA(error, NoPredictionError) || isA(error, CancelledError) || error.outcomes.length === 0)
              throw error;
            return of(error.outcomes);
          }),
          map(([outcome]) => {
            const noted = { ...(outcome as Outcome<never>), role };
            outcomes[place] = noted;
            return noted;
          }),
        );
    });
