import { asyncScheduler, Observable, type Subscriber } from 'rxjs';
import type { CallRole } from '../../domain/call-role.ts';
import type { Check } from '../../domain/check.ts';
import { type Cost, costOf, mostOf, unknownCost } from '../../domain/cost.ts';
import { ConfigError, type ModelError } from '../../domain/errors.ts';
import { strayOf } from '../../domain/foreign.ts';
import { internal } from '../../domain/internal.ts';
import { isObject } from '../../domain/is-object.ts';
import {
  type DirectCall,
  type Model,
  type ModelDelta,
  type ModelResponse,
  subscribing,
} from '../../domain/model.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { quotedName } from '../../domain/quoting.ts';
import { attemptListener, type ModelRequest, type Query } from '../../domain/request.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import { createEnsemble } from '../../ensemble.ts';
import type { PredictionResult } from '../../metrics/stats.ts';
import { layered } from '../../options.ts';
import { oneByOne } from '../../strategies/execution/one-by-one.ts';
import { allAtOnce } from '../../strategies/execution/parallel.ts';
import { recordedCostOf } from '../experiment-account.ts';
import { callText } from '../journal/call-text.ts';
import { type RecordedOutcome, recall } from '../journal/journaled-entry.ts';
import { inRecordedTime } from './in-recorded-time.ts';
import { inVirtualTime } from './in-virtual-time.ts';
import { Received } from './received.ts';

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
  awaited?: Set<string>;
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
 * @param runToEnd the virtual time in which it is performed.
 * @throws {ConfigError} if the options of the condition are invalid.
 */
export const rescoreCondition = (
  name: string,
  options: EnsembleOptions,
  runToEnd = waitsOnItsCalls(options) ? inRecordedTime : inVirtualTime,
): RescoreCondition => {
  // Performances are synchronous, so there is at most one at a time.
  let performance: Performance;
  const fromRecord = (model: Model): Model => {
    const begin = (request: ModelRequest, subscriber: Subscriber<ModelResponse | ModelDelta>): void =>
      performance.answer(model, request, subscriber);
    const call: DirectCall = (request) => new Observable((subscriber) => begin(request, subscriber));
    return { ...model, call: Object.assign(call, { [subscribing]: begin }) };
  };
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
    const received = new Received<Prediction>();
    performance = new Performance(record, options.pricing, () => received.unsubscribe());
    const restore = snapshot?.();
    runToEnd(ensemble.predict$(query), received);
    const { missing } = performance;
    if (!performance.repeatsItself())
      throw new ConfigError([
        `condition ${quotedName(name)}: what its decider or grouping asks about the same answers differs from one performance to the next, so that its calls cannot be recorded; ask by the answers alone`,
      ]);
    if (missing.length > 0) {
      // The condition will be performed again: what an execution learned now would count twice.
      restore?.();
      return { missing };
    }
    const { value, failure } = received;
    if (value !== undefined) return { result: value };
    if (failure instanceof NoPredictionError) return { result: failure };
    throw (
      failure ??
      new ConfigError([
        `condition ${quotedName(name)}: the prediction never ended; its execution, its grouping and its decider must wait on RxJS schedulers only, such as timer(), and on no promise`,
      ])
    );
  };
};

/** Whether a condition waits for calls and time limits alone. An execution, grouping or decider may wait for anything. */
const waitsOnItsCalls = (options: EnsembleOptions): boolean => {
  const { execution, grouping, decide } = options ?? {};
  return !grouping && !decide && (!isObject(execution) || SCHEDULES.includes(execution.schedule));
};

/** The schedules of executions that start a call at once, or when another has ended. */
const SCHEDULES: readonly unknown[] = [allAtOnce, oneByOne];

/** One run of a condition; `end` ends it. A class, because every trial makes one. */
class Performance {
  readonly missing: RequestedCall[] = [];
  readonly #record: CallRecord;
  readonly #pricing: Pricing | undefined;
  readonly #end: () => void;
  /** The calls that were asked for again, of those that the performance before was waiting for. */
  #repeated: Set<string> | undefined;

  constructor(record: CallRecord, pricing: Pricing | undefined, end: () => void) {
    this.#record = record;
    this.#pricing = pricing;
    this.#end = end;
  }

  /** Answers a call from the record, or adds it to `missing`. */
  answer(model: Model, request: ModelRequest, subscriber: Subscriber<ModelResponse | ModelDelta>): void {
    const { find, awaited } = this.#record;
    const role = request[internal]?.role;
    const text = this.#textOf(model, request, role);
    const call = { text, model, request, role };
    if (awaited?.has(text) === true) {
      this.#repeated ??= new Set();
      this.#repeated.add(text);
    }
    const recorded = find(call);
    if (recorded !== undefined) {
      const pricing = this.#pricing;
      attemptListener(request)?.attemptCosts(() => costIfAborted(recorded, call, pricing));
      replay(recorded, request, subscriber);
      return;
    }
    // Scheduled, so that the calls of the same moment are found missing too.
    if (this.missing.length === 0) asyncScheduler.schedule(this.#end);
    const { [internal]: _, ...asked } = request;
    this.missing.push({ ...call, request: asked });
  }

  /** Whether all calls that the performance before was waiting for were asked for again. */
  repeatsItself(): boolean {
    const { awaited } = this.#record;
    const isRepeated = (this.#repeated?.size ?? 0) === (awaited?.size ?? 0);
    awaited?.clear();
    for (const { role, text } of this.missing) {
      if (role === undefined) continue;
      this.#record.awaited ??= new Set();
      this.#record.awaited.add(text);
    }
    return isRepeated;
  }

  #textOf(model: Model, request: ModelRequest, role: CallRole | undefined): string {
    if (role !== undefined) return callText(model, request);
    const { texts } = this.#record;
    let known = texts.get(model);
    if (known === undefined) {
      // Of one text, as nearly always: an array that grows takes eight times the memory.
      known = new Array(1);
      texts.set(model, known);
    }
    const { sample = 0 } = request;
    known[sample] ??= callText(model, request);
    return known[sample];
  }
}

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
const replay = (
  call: EndedCall,
  { wantsDeltas }: ModelRequest,
  subscriber: Subscriber<ModelResponse | ModelDelta>,
): void => {
  const { latencyMs, firstTokenMs } = call;
  const after = (delayMs: number, work: () => void): void =>
    subscriber.add(asyncScheduler.schedule(work, Math.max(0, delayMs)));
  // A journal records when streaming began, and not the deltas.
  if (wantsDeltas === true && firstTokenMs !== undefined)
    after(firstTokenMs, () => subscriber.next({ delta: '' }));
  after(latencyMs, () => {
    try {
      subscriber.next(recall(withoutCost(call), call.made));
      subscriber.complete();
    } catch (error) {
      subscriber.error(error);
    }
  });
};
