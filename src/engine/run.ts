import { from, type Observable, Subscriber, takeUntil, tap, timer } from 'rxjs';
import type { StopRule } from '../domain/execution.ts';
import { NoConsensusError, NoPredictionError, UserCodeError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import { never } from '../strategies/stopping/never.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type Watch, watchPrediction } from '../telemetry/watch.ts';
import { currentClock } from '../time/clock.ts';
import { abortWith } from './abort-with.ts';
import { accountOf } from './account.ts';
import { call } from './call.ts';
import { conclude, type Proceedings } from './conclude.ts';
import type { Settings } from './settings.ts';
import type { CallContext, StartedCall } from './started-call.ts';
import { toRequest } from './to-request.ts';

/** One prediction in progress: its outcomes, cold, and what is needed to elect and to conclude. */
export interface Run<Answer> extends Proceedings<Answer> {
  readonly outcomes$: Observable<Outcome<Answer>>;
  readonly voter: Voter;
  readonly stopWhen: StopRule;
  /** Tells what happens to those who listen; absent where nobody does. */
  readonly watch: Watch | undefined;
}

/** A stop rule that waits for the least number of votes; one that throws is no reason to stop. */
const guarded = (rule: StopRule, minResponses: number, warnings: string[]): StopRule =>
  rule === never()
    ? rule
    : (tally) => {
        if (tally.cast < minResponses) return false;
        try {
          return rule(tally) === true;
        } catch (error) {
          const warning = `the stop rule threw ${error instanceof Error ? error.name : 'a value'}`;
          if (!warnings.includes(warning)) warnings.push(warning);
          return false;
        }
      };

const inUserCode = <Result>(what: string, watch: Watch | undefined, work: () => Result): Result => {
  try {
    return work();
  } catch (cause) {
    const error = new UserCodeError(what, { cause });
    watch?.failed(error);
    throw error;
  }
};

/** Opens a prediction: chooses its panel, prepares its calls and has the schedule arrange them. Sends nothing. */
export const openRun = <Answer>(
  query: Query,
  settings: Settings<Answer>,
  telemetry: Telemetry,
  signal: AbortSignal | undefined,
  onDelta?: CallContext<Answer>['onDelta'],
): Run<Answer> => {
  const { seats, samples, ids, voter, minResponses } = settings.ballotFor(query);
  const { schedule, executionName, answerSchema, read, pricing, deadline, deadlineMs } = settings;
  const ledger: StartedCall<Answer>[] = [];
  const warnings: string[] = [];
  const clock = currentClock();
  const startedAtMs = clock();
  const plain = toRequest(query);
  const request =
    answerSchema === undefined && onDelta === undefined
      ? plain
      : {
          ...plain,
          ...(answerSchema !== undefined && { answerSchema }),
          ...(onDelta !== undefined && { wantsDeltas: true }),
        };
  const audience = telemetry.audience();
  const watch =
    audience &&
    watchPrediction(audience, {
      ensemble: telemetry.ensemble,
      clock,
      startedAtMs,
      metadata: settings.telemetryMetadata,
    });
  watch?.began({ models: ids, strategy: voter.name, execution: executionName, query });
  const endsAtMs = startedAtMs + deadlineMs;
  const context: CallContext<Answer> = {
    request,
    read,
    pricing,
    deadline,
    endsAtMs,
    ledger,
    clock,
    onDelta,
    watch,
  };
  const calls = seats.map((model, index) =>
    samples === 1
      ? call(model, index, context)
      : call(model, index, { ...context, request: { ...request, sample: index % samples } }),
  );
  const scheduled$ = inUserCode(`the schedule of "${executionName}"`, watch, () => from(schedule(calls)));
  let isCutOff = false;
  const inTime$ =
    deadlineMs === Number.POSITIVE_INFINITY
      ? scheduled$
      : scheduled$.pipe(
          takeUntil(
            timer(deadlineMs).pipe(
              tap(() => {
                isCutOff = true;
              }),
            ),
          ),
        );
  return {
    outcomes$: signal === undefined ? inTime$ : inTime$.pipe(abortWith(signal)),
    panel: ids,
    voter,
    stopWhen: guarded(settings.stopRule, minResponses, warnings),
    watch,
    query,
    clock,
    startedAtMs,
    ledger,
    minResponses,
    strategy: voter.name,
    execution: executionName,
    warnings,
    isCutOff: () => isCutOff,
  };
};

/** The prediction that the final tally of a run amounts to. */
export const concluded = <Answer>(tally: Tally<Answer>, run: Run<Answer>): Prediction<Answer> => {
  const { watch } = run;
  if (watch === undefined) return conclude(tally, run);
  let prediction: Prediction<Answer>;
  try {
    prediction = conclude(tally, run);
  } catch (error) {
    // In all other cases there are too few votes to count; watching does not count them either.
    if (error instanceof NoConsensusError) watch.voted(tally, error.votes);
    throw error;
  }
  // The votes of the tally itself would be counted anew.
  watch.voted(tally, prediction.metadata.votes);
  watch.predicted(prediction);
  return prediction;
};

/** Whatever ended a run without a prediction, with the account of its calls. */
export const withAccount = (error: unknown, run: Run<unknown>): NoPredictionError => {
  const failure = (
    error instanceof NoPredictionError
      ? error
      : new UserCodeError(`the schedule of "${run.execution}"`, { cause: error })
  ).withOutcomes(accountOf(run.ledger));
  run.watch?.failed(failure);
  return failure;
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
  subscriber.add(() => watch.left(() => accountOf(ledger)));
  return asker;
};
