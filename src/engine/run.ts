import { asyncScheduler, from, type Observable, Subscriber } from 'rxjs';
import type { StopRule } from '../domain/execution.ts';
import { NoConsensusError, NoPredictionError, UserCodeError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest, Query } from '../domain/request.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import { allAtOnce } from '../strategies/execution/parallel.ts';
import { never } from '../strategies/stopping/never.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type Watch, watchPrediction } from '../telemetry/watch.ts';
import { currentClock } from '../time/clock.ts';
import type { SharedTimeout } from '../time/shared-timeout.ts';
import { errorWhenAborted } from './abort-with.ts';
import { Ledger } from './account.ts';
import { startAllAtOnce } from './all-at-once.ts';
import { call } from './call.ts';
import { type Conclusion, conclude, type Proceedings } from './conclude.ts';
import type { Ballot } from './panel.ts';
import type { Reader } from './reader.ts';
import type { Settings } from './settings.ts';
import type { CallContext } from './started-call.ts';
import { toRequest } from './to-request.ts';

/** A stop rule that waits for the least number of votes; one that throws is no reason to stop. */
const guarded = (rule: StopRule, minResponses: number, warnings: string[]): StopRule =>
  rule === never()
    ? rule
    : (tally) => {
        if (tally.successes < minResponses) return false;
        try {
          return rule(tally) === true;
        } catch (error) {
          const warning = `the stop rule threw ${error instanceof Error ? error.name : 'a value'}`;
          if (!warnings.includes(warning)) warnings.push(warning);
          return false;
        }
      };

/**
 * One prediction in progress: its outcomes, cold, what its calls have in common, and what is needed to elect and to
 * conclude. One object, since there is one for every prediction.
 */
export class Run<Answer>
  implements CallContext<Answer>, Proceedings<Answer>, Conclusion<Answer, Prediction<Answer>>
{
  readonly query: Query;
  readonly stopWhen: StopRule;
  /** Tells what happens to those who listen; absent where nobody does. */
  readonly watch: Watch | undefined;
  readonly request: ModelRequest;
  readonly clock = currentClock();
  readonly startedAtMs = this.clock();
  readonly onDelta: CallContext<Answer>['onDelta'];
  readonly ledger: Ledger<Answer>;
  readonly warnings: string[] = [];
  isCutOff = false;
  readonly #settings: Settings<Answer>;
  readonly #ballot: Ballot;
  readonly #signal: AbortSignal | undefined;

  /** Opens a prediction: chooses its panel, prepares its calls and has the schedule arrange them. Sends nothing. */
  constructor(
    query: Query,
    settings: Settings<Answer>,
    telemetry: Telemetry,
    signal: AbortSignal | undefined,
    onDelta?: CallContext<Answer>['onDelta'],
  ) {
    this.query = query;
    this.#settings = settings;
    this.#ballot = settings.ballotFor(query);
    this.#signal = signal;
    this.onDelta = onDelta;
    this.ledger = new Ledger(this.panel.length);
    this.stopWhen = guarded(settings.stopRule, this.minResponses, this.warnings);
    this.request = requestOf(query, settings.answerSchema, onDelta !== undefined);
    this.watch = watchOf(this, settings, telemetry);
  }

  /** Makes its calls, as the schedule arranges them, and tells somebody of their outcomes, up to the deadline. */
  subscribe(subscriber: Subscriber<Outcome<Answer>>): void {
    const { schedule, deadlineMs } = this.#settings;
    const { seats } = this.#ballot;
    if (this.#signal !== undefined) errorWhenAborted(subscriber, this.#signal);
    if (subscriber.closed) return;
    if (deadlineMs !== Number.POSITIVE_INFINITY) {
      const end = (): void => {
        this.isCutOff = true;
        subscriber.complete();
      };
      subscriber.add(asyncScheduler.schedule(end, deadlineMs));
    }
    if (schedule === allAtOnce) startAllAtOnce(seats, this, subscriber);
    else this.#scheduled().subscribe(subscriber);
  }

  get panel(): readonly string[] {
    return this.#ballot.ids;
  }
  get voter(): Voter {
    return this.#ballot.voter;
  }
  get minResponses(): number {
    return this.#ballot.minResponses;
  }
  get strategy(): string {
    return this.voter.name;
  }
  get execution(): string {
    return this.#settings.executionName;
  }
  get read(): Reader<Answer> {
    return this.#settings.read;
  }
  get pricing(): Pricing | undefined {
    return this.#settings.pricing;
  }
  get deadline(): SharedTimeout {
    return this.#settings.deadline;
  }
  get acceptsUnfinished(): boolean {
    return this.#settings.acceptsUnfinished;
  }
  get samples(): number {
    return this.#ballot.samples;
  }
  get endsAtMs(): number {
    return this.startedAtMs + this.#settings.deadlineMs;
  }

  /** The prediction that the final tally amounts to. */
  conclude(tally: Tally<Answer>): Prediction<Answer> {
    const { watch } = this;
    if (watch === undefined) return conclude(tally, this);
    let prediction: Prediction<Answer>;
    try {
      prediction = conclude(tally, this);
    } catch (error) {
      // In all other cases there are too few votes to count; watching does not count them either.
      if (error instanceof NoConsensusError) watch.voted(tally, error.votes);
      throw error;
    }
    // The votes of the tally itself would be counted anew.
    watch.voted(tally, prediction.metadata.votes);
    watch.predicted(prediction);
    return prediction;
  }

  /** Whatever ended the run without a prediction, with the account of its calls. */
  explain(error: unknown): NoPredictionError {
    const failure = (error instanceof NoPredictionError ? error : this.#scheduleError(error)).withOutcomes(
      this.ledger.account(),
    );
    this.watch?.failed(failure);
    return failure;
  }

  #scheduled(): Observable<Outcome<Answer>> {
    try {
      return from(
        this.#settings.schedule(this.#ballot.seats.map((model, index) => call(model, index, this))),
      );
    } catch (cause) {
      const error = this.#scheduleError(cause);
      this.watch?.failed(error);
      throw error;
    }
  }

  #scheduleError(cause: unknown): UserCodeError {
    return new UserCodeError(`the schedule of "${this.execution}"`, { cause });
  }
}

const requestOf = (
  query: Query,
  answerSchema: ModelRequest['answerSchema'],
  wantsDeltas: boolean,
): ModelRequest => {
  const plain = toRequest(query);
  return answerSchema === undefined && !wantsDeltas
    ? plain
    : {
        ...plain,
        ...(answerSchema !== undefined && { answerSchema }),
        ...(wantsDeltas && { wantsDeltas }),
      };
};

/** Tells those who listen, where somebody does, that a run has begun. */
const watchOf = (
  { clock, startedAtMs, panel, strategy, execution, query }: Run<unknown>,
  { telemetryMetadata: metadata }: Settings<unknown>,
  telemetry: Telemetry,
): Watch | undefined => {
  const audience = telemetry.audience();
  if (audience === undefined) return undefined;
  const { ensemble } = telemetry;
  const watch = watchPrediction(audience, { ensemble, clock, startedAtMs, metadata });
  watch.began({ models: panel, strategy, execution, query });
  return watch;
};

/**
 * Whom to hand what a run comes to: whoever asked for it. Where somebody watches, it is handed over in the context of
 * the asker, who is missed when it leaves early.
 */
export const askerOf = <Value>(run: Run<unknown>, subscriber: Subscriber<Value>): Subscriber<Value> => {
  const { watch, ledger } = run;
  if (watch === undefined) return subscriber;
  const asker = new Subscriber<Value>({
    next: (value) => watch.within(undefined, () => subscriber.next(value)),
    error: (error: unknown) => watch.within(undefined, () => subscriber.error(error)),
    complete: () => watch.within(undefined, () => subscriber.complete()),
  });
  subscriber.add(asker);
  // After the calls have been let go, which is told first.
  subscriber.add(() => watch.left(() => ledger.account()));
  return asker;
};
