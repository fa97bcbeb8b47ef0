import { from, type Observable, takeUntil, tap, timer } from 'rxjs';
import { accountOf } from './account.ts';
import { type CallContext, call, type StartedCall } from './call.ts';
import { currentClock } from './clock.ts';
import type { Proceedings } from './conclude.ts';
import { NoPredictionError, UserCodeError } from './errors.ts';
import type { StopRule } from './execution.ts';
import { abortWith } from './operators/abort-with.ts';
import type { Outcome } from './outcome.ts';
import { type Query, toRequest } from './query.ts';
import type { Settings } from './settings.ts';
import { never } from './strategies/stopping/never.ts';
import type { Voter } from './voter.ts';

/** One prediction in progress: its outcomes, cold, and what is needed to elect and to conclude. */
export interface Run<Answer> extends Proceedings<Answer> {
  readonly outcomes$: Observable<Outcome<Answer>>;
  readonly voter: Voter;
  readonly stopWhen: StopRule;
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

const inUserCode = <Result>(what: string, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw new UserCodeError(what, { cause: error });
  }
};

/** Opens a prediction: chooses its panel, prepares its calls and has the schedule arrange them. Sends nothing. */
export const openRun = <Answer>(
  query: Query,
  settings: Settings<Answer>,
  signal: AbortSignal | undefined,
  onDelta?: CallContext<Answer>['onDelta'],
): Run<Answer> => {
  const { seats, samples, ids, voter, minResponses } = settings.ballotFor(query);
  const { schedule, executionName, answerSchema, read, pricing, deadline, deadlineMs } = settings;
  const ledger: StartedCall<Answer>[] = [];
  const warnings: string[] = [];
  const clock = currentClock();
  const plain = toRequest(query);
  const request =
    answerSchema === undefined && onDelta === undefined
      ? plain
      : {
          ...plain,
          ...(answerSchema !== undefined && { answerSchema }),
          ...(onDelta !== undefined && { wantsDeltas: true }),
        };
  const context: CallContext<Answer> = { request, read, pricing, deadline, ledger, clock, onDelta };
  const calls = seats.map((model, index) =>
    samples === 1
      ? call(model, index, context)
      : call(model, index, { ...context, request: { ...request, sample: index % samples } }),
  );
  const scheduled$ = inUserCode(`the schedule of "${executionName}"`, () => from(schedule(calls)));
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
    query,
    clock,
    startedAtMs: clock(),
    ledger,
    minResponses,
    strategy: voter.name,
    execution: executionName,
    warnings,
    isCutOff: () => isCutOff,
  };
};

/** Whatever ended a run without a prediction, with the account of its calls. */
export const withAccount = (error: unknown, run: Run<unknown>): NoPredictionError =>
  (error instanceof NoPredictionError
    ? error
    : new UserCodeError(`the schedule of "${run.execution}"`, { cause: error })
  ).withOutcomes(accountOf(run.ledger));
