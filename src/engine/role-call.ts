import { defer, finalize, type Observable, takeUntil, tap } from 'rxjs';
import { type AbortCause, abortReason } from '../domain/abort-reason.ts';
import type { CallRole } from '../domain/call-role.ts';
import { readSafely } from '../domain/foreign.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { ModelRequest, Query } from '../domain/request.ts';
import type { RoleCall, RoleCallOptions } from '../domain/role-call.ts';
import { emitOutcome } from '../domain/stream-event.ts';
import { jsonSchemaOf } from '../normalizers/answer-schema.ts';
import { aModel, nonEmpty, reading, refuse, suchThat, valueFault } from '../options.ts';
import { call } from './call.ts';
import type { CallContext } from './call-context.ts';
import { createReader, type Reader } from './reader.ts';
import type { Settings } from './settings.ts';
import { toRequest } from './to-request.ts';

/** What calls with a role need of the run that they belong to. */
export interface RoleHost extends Omit<CallContext<unknown>, 'role' | 'normalization' | 'request'> {
  readonly settings: Settings<unknown>;
  readonly endsAtMs: number;
  readonly acceptUnfinished: boolean;
  readonly isDebugged: boolean;
  /** Why the caller has left. */
  readonly callerReason: unknown;
  /** The steps after the votes, once they have begun, and what ended them. */
  readonly closing: { readonly closed: boolean } | undefined;
  readonly closedBy: AbortCause | undefined;
  /** The place of the next call, after those of the panel. */
  nextRoleIndex(): number;
}

/**
 * Makes calls within a run that are no calls of its members.
 *
 * @param watch receives how many of them are in flight, when one begins and when one ends.
 * @param ended$ cancels those in flight, and keeps others from being made. A promise of foreign code does not.
 */
export const roleCallOf = (
  run: RoleHost,
  watch: (inFlight: number) => void,
  ended$: Observable<void>,
): RoleCall => {
  let inFlight = 0;
  const count = (more: number): void => {
    inFlight += more;
    watch(inFlight);
  };
  return <Own>(model: Model, query: Query, options: RoleCallOptions<Own>): Observable<Outcome<Own>> =>
    defer(() => {
      reading('call', () => refuse(callFaults(model, options)));
      const context = new RoleContext(run, requestOf(run, query, options), options);
      const decorated = run.settings.withPolicies(model);
      count(1);
      return call(decorated, run.nextRoleIndex(), context as CallContext<unknown> as CallContext<Own>).pipe(
        tap((outcome) => run.live && emitOutcome(outcome, run.live)),
        finalize(() => count(-1)),
      );
    }).pipe(takeUntil(ended$));
};

const callFaults = (model: Model, options: RoleCallOptions): readonly string[] =>
  [
    valueFault('call: the model', aModel, model),
    valueFault('call: option "role"', nonEmpty, readSafely(options, 'role')),
    valueFault('call: option "normalization"', aNormalizer, readSafely(options, 'normalization')),
  ].filter((fault) => fault !== undefined);

const aNormalizer = suchThat('a normalizer', (value) => value === undefined || typeof value === 'function');

const requestOf = (run: RoleHost, query: Query, { normalization }: RoleCallOptions): ModelRequest => {
  // The instructions and settings of the ensemble are for its members.
  const { maxRequestBytes } = run.settings.defaults;
  const answerSchema = normalization === undefined ? run.settings.answerSchema : jsonSchemaOf(normalization);
  return {
    ...toRequest(query, 'call', { maxRequestBytes }),
    ...(answerSchema !== undefined && { answerSchema }),
    ...(run.onDelta !== undefined && { wantsDeltas: true }),
  };
};

/** The part of a prediction that a call with a role has in common with the calls of the members. */
class RoleContext implements CallContext<unknown> {
  readonly request: ModelRequest;
  readonly role: CallRole;
  readonly normalization: Normalizer | undefined;
  readonly reader: Reader<unknown>;
  readonly notifier: CallContext<unknown>['notifier'];
  readonly #run: RoleHost;

  constructor(run: RoleHost, request: ModelRequest, { role, normalization }: RoleCallOptions) {
    this.#run = run;
    this.request = request;
    this.role = role;
    this.normalization = normalization;
    this.reader =
      normalization === undefined
        ? run.reader
        : createReader({
            normalize: normalization,
            pricing: run.pricing,
            acceptUnfinished: run.acceptUnfinished,
          });
    this.notifier = run.notifier?.withRole(role);
  }

  get clock() {
    return this.#run.clock;
  }
  get pricing() {
    return this.#run.pricing;
  }
  get timeout() {
    return this.#run.timeout;
  }
  get endsAtMs(): number {
    return this.#run.endsAtMs;
  }
  get acceptUnfinished(): boolean {
    return this.#run.acceptUnfinished;
  }
  get isDebugged(): boolean {
    return this.#run.isDebugged;
  }
  get onDelta() {
    return this.#run.onDelta;
  }
  get live() {
    return this.#run.live;
  }
  get ledger() {
    return this.#run.ledger;
  }
  get roleCalls() {
    return (ended$: Observable<void>): RoleCall => roleCallOf(this.#run, () => undefined, ended$);
  }
  get isRunning(): boolean {
    const { closing, closedBy, isRunning = false } = this.#run;
    return closing === undefined ? isRunning : !closing.closed && closedBy === undefined;
  }
  /** What ended the vote did not end this call. */
  get abortReason(): unknown {
    const { closing, closedBy, callerReason } = this.#run;
    if (closing === undefined) return this.#run.abortReason;
    return closedBy === undefined ? callerReason : abortReason(closedBy);
  }
}
