import type { Subscriber } from 'rxjs';
import { type AbortCause, abortReason } from '../domain/abort-reason.ts';
import type { StopRule } from '../domain/execution.ts';
import { readSafely } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Pricing } from '../domain/pricing.ts';
import { abortReasonOf, type ModelRequest, type Query } from '../domain/request.ts';
import { createNotifier, type PredictionNotifier } from '../telemetry/prediction-notifier.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { currentClock } from '../time/clock.ts';
import type { SharedTimeout } from '../time/shared-timeout.ts';
import { Ledger } from './account.ts';
import type { CallContext } from './call-context.ts';
import type { RoleCalls } from './check-tools.ts';
import { alikeSamples } from './ineffective.ts';
import type { LiveEvents } from './live-events.ts';
import type { Panel } from './panel.ts';
import type { Reader } from './reader.ts';
import type { Settings } from './settings.ts';
import type { CallStart, OutcomeListener } from './started-call.ts';
import { guarded } from './stop-rule.ts';

/** What a prediction is opened with, besides its query and its settings. */
export interface Opening {
  readonly signal?: AbortSignal | undefined;
  /** Whether models that can stream are to do so. */
  readonly wantsDeltas?: boolean | undefined;
  /** What the caller hands through to the models. */
  readonly context?: unknown;
  /** The run of many predictions to which this one belongs. */
  readonly whole?: RunOfMany | undefined;
}

/** A run of many predictions, which may end while some are in flight. */
export interface RunOfMany {
  readonly signal: AbortSignal | undefined;
  endedBy?: AbortCause;
}

/** Overrides that also name the run of many predictions to which a prediction belongs. */
export const withinRun = <Overrides extends object>(overrides: Overrides, whole: RunOfMany): Overrides => ({
  ...overrides,
  [internal]: whole,
});

/** Returns the run that {@link withinRun} has named. */
export const runOfManyIn = (overrides: object | null | undefined): RunOfMany | undefined =>
  readSafely(overrides, internal) as RunOfMany | undefined;

/**
 * One prediction: what its calls share and what its conclusion needs. One object, because every prediction makes one.
 * Opening it chooses the panel and notifies the listeners; it sends nothing.
 */
export class Run<Answer> implements CallContext<Answer>, CallStart<Answer>, OutcomeListener<Answer> {
  readonly query: Query;
  readonly settings: Settings<Answer>;
  readonly panel: Panel;
  readonly signal: AbortSignal | undefined;
  readonly request: ModelRequest;
  readonly clock = currentClock();
  /** Also the moment of all calls that begin with it: a reading of the clock takes a twentieth of a prediction. */
  readonly startedAtMs = this.clock();
  readonly ledger: Ledger<Answer>;
  readonly stopRule: StopRule | undefined;
  readonly warnings: string[];
  readonly notifier: PredictionNotifier | undefined;
  /** Both are set by the subscriber of a stream. */
  onDelta: CallContext<Answer>['onDelta'];
  live: LiveEvents<Answer> | undefined;
  /** What ended the prediction before its caller left. */
  endedBy: AbortCause | undefined;
  /** The subscriber of the outcomes, once calls are made. */
  election: Subscriber<Outcome<Answer>> | undefined;
  /** The steps after the votes, once they have begun; what ended them; and the calls that they made. */
  closing: { readonly closed: boolean } | undefined;
  closedBy: AbortCause | undefined;
  #roleCalls = 0;
  #incomplete: number;
  readonly #whole: RunOfMany | undefined;

  /** @param opening absent for nearly all: an object without members took 80 bytes of each prediction. */
  constructor(query: Query, settings: Settings<Answer>, telemetry: Telemetry, opening?: Opening) {
    this.settings = settings;
    // Checks the query before a function of the caller chooses the panel by it.
    this.request = requestOf(query, settings, opening);
    this.query = settings.queries.shownQuery(query, this.request);
    this.panel = settings.panelFor(query);
    // A panel that a function chooses is not refused.
    const { faults, warnings, members, samples } = this.panel;
    this.warnings = faults.concat(warnings);
    if (samples > 1)
      this.warnings.push(...alikeSamples({ members, samples, settings: this.request.settings }));
    this.signal = opening?.signal;
    this.ledger = new Ledger(members.length);
    // One more than there are calls, so that the end comes after the last start, even if models answer at once.
    this.#incomplete = members.length + 1;
    this.stopRule = settings.stopRule && guarded(settings.stopRule, this.panel.minResponses, this.warnings);
    this.#whole = opening?.whole;
    this.notifier = notifierOf(this, telemetry);
  }

  get context(): this {
    return this;
  }
  get outcomes(): this {
    return this;
  }

  /** Receives the outcomes of the calls that start together, and their ends, the last of which is that of the vote. */
  next(outcome: Outcome<Answer>): void {
    this.election?.next(outcome);
  }
  complete(): void {
    this.#incomplete -= 1;
    if (this.#incomplete === 0) this.election?.complete();
  }

  /** The consensus that is looked for. */
  get threshold(): number | undefined {
    return this.panel.threshold;
  }
  get isRunning(): boolean {
    return this.election?.closed === false;
  }
  get abortReason(): unknown {
    return this.endedBy === undefined ? this.callerReason : abortReason(this.endedBy);
  }

  /** Why the caller has left, or the caller of a run of many. */
  get callerReason(): unknown {
    const signal = this.signal ?? this.#whole?.signal;
    if (readSafely(signal, 'aborted') === true) return readSafely(signal, 'reason');
    return this.#whole?.endedBy === undefined
      ? abortReasonOf(this.request)
      : abortReason(this.#whole.endedBy);
  }

  /** The place of the next call with a role, after those of the panel. */
  nextRoleIndex(): number {
    this.#roleCalls += 1;
    return this.panel.members.length + this.#roleCalls - 1;
  }

  /** Whether the deadline ended the prediction. */
  get isCutOff(): boolean {
    return this.endedBy === 'deadline';
  }

  /** Whether calls were made that are no calls of members. */
  get hasRoleCalls(): boolean {
    return this.#roleCalls > 0;
  }

  /** Makes the calls of checks; absent in an ensemble of values. */
  get roleCalls(): RoleCalls | undefined {
    const { roleCalls } = this.settings;
    return roleCalls && ((ended$) => roleCalls(this as never, ended$));
  }

  get reader(): Reader<Answer> {
    return this.settings.reader;
  }
  get pricing(): Pricing | undefined {
    return this.settings.pricing;
  }
  get acceptUnfinished(): boolean {
    return this.settings.acceptUnfinished;
  }
  get isDebugged(): boolean {
    return this.settings.debug;
  }
  get timeout(): SharedTimeout {
    return this.settings.timeout;
  }
  get samples(): number {
    return this.panel.samples;
  }
  get endsAtMs(): number {
    return this.startedAtMs + this.settings.deadlineMs;
  }
}

/** Whether a request has the instructions of the ensemble, which its query does not tell. */
export const isAskedWith = (
  system: string | undefined,
  request: ModelRequest,
): request is ModelRequest & { readonly system: string } => system !== undefined && request.system === system;

const requestOf = (
  query: Query,
  { queries, defaults, answerSchema }: Settings<unknown>,
  opening: Opening | undefined,
): ModelRequest => {
  const request = queries.toRequest(query, 'predict', defaults);
  const { wantsDeltas = false, context } = opening ?? {};
  if (answerSchema === undefined && !wantsDeltas && context === undefined) return request;
  return {
    ...request,
    ...(answerSchema !== undefined && { answerSchema }),
    ...(wantsDeltas && { wantsDeltas }),
    ...(context !== undefined && { context }),
  };
};

/** Notifies the listeners that a prediction begins; `undefined` without listeners. */
const notifierOf = (run: Run<unknown>, telemetry: Telemetry): PredictionNotifier | undefined => {
  const listeners = telemetry.currentListeners();
  if (listeners === undefined) return undefined;
  const { clock, startedAtMs, panel, settings, query, request } = run;
  const { ensemble } = telemetry;
  const notifier = createNotifier(listeners, {
    ensemble,
    clock,
    startedAtMs,
    metadata: settings.telemetryMetadata,
  });
  notifier.started({
    models: panel.ids,
    strategy: panel.voter.name,
    execution: settings.executionName,
    query: isAskedWith(settings.defaults.system, request)
      ? { system: request.system, messages: request.messages }
      : query,
  });
  return notifier;
};
