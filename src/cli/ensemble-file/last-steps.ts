import { EMPTY } from 'rxjs';
import { council } from '../../deciders/council.ts';
import { debate } from '../../deciders/debate.ts';
import { fuse } from '../../deciders/fuse.ts';
import { judge } from '../../deciders/judge.ts';
import { type NeedsReviewOptions, needsReview } from '../../deciders/jury/needs-review.ts';
import { jury } from '../../deciders/jury.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { Model } from '../../domain/model.ts';
import { byContent } from '../../grouping/by-content.ts';
import { byEquivalence } from '../../grouping/by-equivalence.ts';
import { bySimilarity } from '../../grouping/by-similarity.ts';
import { byTolerance } from '../../grouping/by-tolerance.ts';
import { never } from '../../strategies/stopping/never.ts';
import { collectFaults, construct, type Factory, type OnFault, withoutOptions } from './config-value.ts';
import { factories } from './factories.ts';

/** Makes the model of a member in a file; `undefined` after a fault. */
export type ReadModel = (place: string, member: unknown) => Model | undefined;

/** The options of functions that are models, or lists of models. */
const modelOptions: readonly string[] = ['model', 'judge', 'chairman', 'rankers', 'members'];

/** The functions of `grouping` and `decide`, which a file names as `"byContent"` or with options. */
export const lastSteps: Readonly<Record<string, Readonly<Record<string, Factory<unknown>>>>> = {
  grouping: { byContent: withoutOptions(byContent), byEquivalence, bySimilarity, byTolerance },
  decide: { judge, jury, fuse, council, debate },
};

/** What a reader of options needs to make models, and to report faults. */
export interface LastStepContext {
  readonly readModel: ReadModel;
  readonly onFault: OnFault;
}

/** Reads a `grouping` or `decide`. The models in its options are members, and `unless` is a rule as in `earlyStop`, or `"never"`. */
export const readLastStep = (
  place: string,
  option: string,
  value: unknown,
  context: LastStepContext,
): unknown => {
  const named = typeof value === 'string' ? { [value]: {} } : value;
  if (!isRecord(named)) return named;
  const read = Object.entries(named).map(([name, options]) => [
    name,
    isRecord(options) ? readFields(`${place}.${name}`, options, context) : options,
  ]);
  return construct(context.onFault, place, Object.fromEntries(read), lastSteps[option] ?? {});
};

/** Reads the options of a function. The models in them are members, and `review` has the options of `needsReview`. */
export const readFields = (
  place: string,
  options: Readonly<Record<string, unknown>>,
  { readModel, onFault }: LastStepContext,
): object => {
  // With a placeholder, the other options are checked as well.
  const modelOf = (at: string, member: unknown): Model =>
    readModel(at, member) ?? { id: at, call: () => EMPTY };
  const read = Object.entries(options).map(([field, value]) => {
    const at = `${place}.${field}`;
    if (field === 'unless')
      return [field, value === 'never' ? never() : construct(onFault, at, value, factories.earlyStop ?? {})];
    if (field === 'review')
      return [field, collectFaults(onFault, at, () => needsReview(value as NeedsReviewOptions))];
    if (!modelOptions.includes(field)) return [field, value];
    return [
      field,
      Array.isArray(value)
        ? value.map((member, index) => modelOf(`${at}[${index}]`, member))
        : modelOf(at, value),
    ];
  });
  return Object.fromEntries(read);
};
