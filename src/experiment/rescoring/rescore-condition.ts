import { asyncScheduler, defer, map, merge, NEVER, type Observable, Subject, takeUntil, timer } from 'rxjs';
import type { CallRole } from '../../domain/call-role.ts';
import { type Cost, costOf, mostOf, unknownCost } from '../../domain/cost.ts';
import { ConfigError, type ModelError } from '../../domain/errors.ts';
import { strayOf } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Model, ModelDelta, ModelResponse } from '../../domain/model.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { quotedName } from '../../domain/quoting.ts';
import { attemptListener, type ModelRequest, type Query } from '../../domain/request.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import type { Check } from '../../engine/judge.ts';
import { createEnsemble } from '../../ensemble.ts';
import type { PredictionResult } from '../../metrics/stats.ts';
import { layered } from '../../options.ts';
import { recordedCostOf } from '../experiment-account.ts';
import { callText } from '../journal/call-text.ts';
import { type RecordedOutcome, recall } from '../journal/journaled-entry.ts';
import { inVirtualTime } from './rescore-in-virtual-time.ts';

/** A check in virtual time, in which nothing waits for a promise. */
const atOnce =
  (check: Check): Check =>
  (answer, context) => {
    const verdict = check(answer, context);
    return strayOf(verdict) === undefined
      ? verdict
      : 'check returned a promise: in an experiment it must return its result at once';
  };

/** A call that has ended. If it was made in this run and failed, `made` is its error: a recorded one has no cause. */
export interface EndedCall extends RecordedOutcome {
  readonly made?: ModelError | undefined;
}

/** A call that a condition asks for; `text` is its `callText`. */
export interface RequestedCall {
  readonly text: string;
  readonly model: Model;
  readonly request: ModelRequest;
  /** What the call is for, if it is no call of a member: then its request depends on answers. */
  readonly role?: CallRole | undefined;
}

/** The recorded calls about one question, as one condition finds them. */
export interface CallRecord {
  /** Returns the recording of a call, if there is one. */
  readonly find: (call: RequestedCall) => EndedCall | undefined;
  /** The `callText` of calls of members, by model and sample, kept from one performance to the next. */
  readonly texts: Map<Model, string[]>;
  /** The `callText` of the calls with a role that were missing in the last performance. */
  readonly awaited: Set<string>;
}

/** The result of a condition, or the calls that have to be recorded before the condition can continue. */
export type RescoreResult =
  | { readonly result: PredictionResult }
  | { readonly missing: readonly RequestedCall[] };

/** Performs a condition on the recorded calls about one question. Synchronous. */
export type RescoreCondition = (query: Query, record: CallRecord) => RescoreResult;

/**
 * Prepares a condition to be performed on recorded calls, in virtual time: each model answers as late as it did when
 * the call was recorded. A performance ends at the first moment at which a call is missing.
 *
 * @throws {ConfigError} if the options of the condition are invalid.
 */
export const rescoreCondition = (name: string, options: EnsembleOptions): RescoreCondition => {
  // Performances are synchronous, so there is at most one at a time.
  let performance: ReturnType<typeof performanceOn>;
  const fromRecord = (model: Model): Model => ({
    ...model,
    call: (request) => defer(() => performance.answer(model, request)),
  });
  const { execution, check } = options ?? {};
  const snapshot = isObject(execution) ? execution[internal]?.snapshot : undefined;
  const ensemble = createEnsemble(
    layered<Partial<EnsembleOptions>>({ timeoutMs: Number.POSITIVE_INFINITY }, options, {
      // A policy decorates the members, and the models that a grouping or a decider calls, alike.
      cache: fromRecord,
      ...(typeof check === 'function' && { check: atOnce(check as Check) }),
    }) as EnsembleOptions,
  );

  return (query, record) => {
    performance = performanceOn(record, options.pricing);
    const restore = snapshot?.();
    const { value, error } = inVirtualTime(ensemble.predict$(query).pipe(takeUntil(performance.ended$)));
    const { missing, repeatsItself } = performance;
    if (!repeatsItself())
      throw new ConfigError([
        `condition ${quotedName(name)}: what its decider or grouping asks about the same answers differs from one performance to the next, so that its calls cannot be recorded; ask by the answers alone`,
      ]);
    if (missing.length > 0) {
      // The condition will be performed again: what an execution learned now would count twice.
      restore?.();
      return { missing };
    }
    if (value !== undefined) return { result: value };
    if (error instanceof NoPredictionError) return { result: error };
    throw (
      error ??
      new ConfigError([
        `condition ${quotedName(name)}: the prediction never ended; its execution, its grouping and its decider must wait on RxJS schedulers only, such as timer(), and on no promise`,
      ])
    );
  };
};

/** One run of a condition. */
const performanceOn = ({ find, texts, awaited }: CallRecord, pricing: Pricing | undefined) => {
  const missing: RequestedCall[] = [];
  const repeated = new Set<string>();
  /** Emits once a call is missing. */
  const ended$ = new Subject<void>();
  const textOf = (model: Model, request: ModelRequest, role: CallRole | undefined): string => {
    if (role !== undefined) return callText(model, request);
    const known = texts.get(model) ?? [];
    texts.set(model, known);
    const { sample = 0 } = request;
    known[sample] ??= callText(model, request);
    return known[sample];
  };
  /** Answers a call from the record, or adds it to `missing`. */
  const answer = (model: Model, asked: ModelRequest): Observable<ModelResponse | ModelDelta> => {
    const { [internal]: asking, ...request } = asked;
    const role = asking?.role;
    const call = { text: textOf(model, request, role), model, request, role };
    if (awaited.has(call.text)) repeated.add(call.text);
    const recorded = find(call);
    if (recorded !== undefined) {
      attemptListener(asked)?.attemptCosts(() => costIfAborted(recorded, call, pricing));
      return replay(recorded, request);
    }
    // Scheduled, so that the calls of the same moment are found missing too.
    if (missing.length === 0) asyncScheduler.schedule(() => ended$.next());
    missing.push(call);
    return NEVER;
  };
  /** Whether all calls that the performance before was waiting for were asked for again. */
  const repeatsItself = (): boolean => {
    const isRepeated = repeated.size === awaited.size;
    awaited.clear();
    for (const { role, text } of missing) if (role !== undefined) awaited.add(text);
    return isRepeated;
  };
  return { answer, missing, ended$, repeatsItself };
};

/**
 * The cost of a recorded call that a condition aborts: at most what the whole call cost, and perhaps nothing. How much was
 * written by then, and what of that is billed, is not recorded.
 */
const costIfAborted = (
  { response, error }: RecordedOutcome,
  { model, request }: RequestedCall,
  pricing: Pricing | undefined,
): Cost => {
  const whole = response === undefined ? recordedCostOf(error) : costOf(model, request, response, pricing);
  const maxCostUsd = mostOf(whole);
  if (maxCostUsd === 0) return whole;
  return maxCostUsd === Number.POSITIVE_INFINITY
    ? unknownCost
    : { ...whole, costUsd: undefined, costSource: 'unknown', maxCostUsd };
};

/** A call that is not recorded made no cost now, but would have one in the condition. */
const withoutCost = (call: RecordedOutcome): RecordedOutcome => {
  if (call.error?.name !== 'ReplayMissError') return call;
  const { costUsd: _, ...error } = call.error;
  return { ...call, error };
};

/** Replays a recorded call with its latency. */
const replay = (call: EndedCall, { wantsDeltas }: ModelRequest): Observable<ModelResponse | ModelDelta> => {
  const { latencyMs, firstTokenMs } = call;
  const ended$ = timer(latencyMs).pipe(map(() => recall(withoutCost(call), call.made)));
  if (wantsDeltas !== true || firstTokenMs === undefined) return ended$;
  // A journal records when streaming began, and not the deltas.
  return merge(timer(firstTokenMs).pipe(map(() => ({ delta: '' }))), ended$);
};
