import { asyncScheduler, defer, map, merge, NEVER, type Observable, Subject, takeUntil, timer } from 'rxjs';
import { ConfigError } from '../../domain/errors.ts';
import { internal } from '../../domain/internal.ts';
import type { Model, ModelDelta, ModelResponse } from '../../domain/model.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { ModelRequest, Query } from '../../domain/request.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import { createEnsemble } from '../../ensemble.ts';
import type { PredictionResult } from '../../metrics/stats.ts';
import { layered } from '../../options.ts';
import { requestText } from '../../policies/request-key.ts';
import { type Recorded, recall } from '../journal/journaled-entry.ts';
import { inVirtualTime } from './rescore-in-virtual-time.ts';

/** The calls about one question that are known, by their `requestText`. */
export type RecordedCalls = ReadonlyMap<string, Recorded>;

/** A call that a condition asks for, and that is not known. */
export interface MissingCall {
  readonly text: string;
  readonly model: Model;
  readonly request: ModelRequest;
}

/** What a condition makes of the calls that are known: its result, or which calls it needs to get on. */
export type Rescored = { readonly result: PredictionResult } | { readonly missing: readonly MissingCall[] };

/**
 * Performs a condition on recorded calls. `texts` keeps the `requestText` of each call to this query, by model and
 * sample, from one performance to the next.
 */
export type RescoreCondition = (
  query: Query,
  calls: RecordedCalls,
  texts?: CallTexts,
  /** Whether a call that is not among them is known all the same. */
  given?: (call: MissingCall) => Recorded | undefined,
) => Rescored;

/** The `requestText` of calls to one query, by model and sample. */
export type CallTexts = Map<Model, string[]>;

/**
 * A condition of which the models answer from the record, each as late as it did then, in virtual time. At the first
 * moment at which a call is asked for that is not known, the performance ends, and tells which.
 *
 * The function that it yields is synchronous, and no two of its runs are ever open at once: what they share is
 * set at the beginning of each.
 *
 * @throws {ConfigError} for a condition that cannot be.
 */
export const rescoreCondition = (name: string, options: EnsembleOptions): RescoreCondition => {
  let known: RecordedCalls = new Map();
  let missing: MissingCall[] = [];
  let written: CallTexts = new Map();
  let givenFor: ((call: MissingCall) => Recorded | undefined) | undefined;
  const missed$ = new Subject<void>();

  const textOf = (model: Model, request: ModelRequest): string => {
    const texts = written.get(model) ?? [];
    written.set(model, texts);
    const { sample = 0 } = request;
    texts[sample] ??= requestText(model, request);
    return texts[sample];
  };
  const fromRecord = (model: Model): Model => ({
    ...model,
    call: ({ [internal]: _, ...request }) =>
      defer((): Observable<ModelResponse | ModelDelta> => {
        const text = textOf(model, request);
        const call = known.get(text) ?? givenFor?.({ text, model, request });
        if (call !== undefined) return again(call, request);
        // After what else is asked for at this moment.
        if (missing.length === 0) asyncScheduler.schedule(() => missed$.next());
        missing.push({ text, model, request });
        return NEVER;
      }),
  });
  const { models, execution } = options ?? {};
  const note = typeof execution === 'object' ? execution[internal]?.snapshot : undefined;
  const ensemble = createEnsemble(
    layered<Partial<EnsembleOptions>>({ timeoutMs: Number.POSITIVE_INFINITY }, options, {
      models: Array.isArray(models)
        ? models.map(fromRecord)
        : typeof models === 'function'
          ? (query) => models(query).map(fromRecord)
          : models,
    }) as EnsembleOptions,
  );

  return (query, calls, texts = new Map(), given = undefined) => {
    known = calls;
    givenFor = given;
    written = texts;
    missing = [];
    const forget = note?.();
    const { value, error } = inVirtualTime(ensemble.predict$(query).pipe(takeUntil(missed$)));
    if (missing.length > 0) {
      // It will be performed once more: what an execution learned this time would count twice.
      forget?.();
      return { missing };
    }
    if (value !== undefined) return { result: value };
    if (error instanceof NoPredictionError) return { result: error };
    throw (
      error ??
      new ConfigError([
        `condition "${name}": it came to no end; its schedule waits for something other than RxJS's schedulers`,
      ])
    );
  };
};

/** A recorded call, as it went. */
const again = (call: Recorded, { wantsDeltas }: ModelRequest): Observable<ModelResponse | ModelDelta> => {
  const { latencyMs, firstTokenMs } = call;
  const ended$ = timer(latencyMs).pipe(map(() => recall(call)));
  if (wantsDeltas !== true || firstTokenMs === undefined) return ended$;
  // What was streamed is not recorded, only when that began.
  return merge(timer(firstTokenMs).pipe(map(() => ({ delta: '' }))), ended$);
};
