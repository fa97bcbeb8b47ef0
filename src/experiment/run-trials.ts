import { concatMap, EMPTY, filter, from, isObservable, type Subscriber, tap } from 'rxjs';
import { JournalWriteError, type ModelError } from '../domain/errors.ts';
import { isA, reportRejection, runAside } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import { isPromise } from '../domain/is-promise.ts';
import type { CancelledError } from '../domain/no-prediction.ts';
import type { Pricing } from '../domain/pricing.ts';
import { whenAborted } from '../engine/abort-with.ts';
import { type Iteration, pullThrough } from '../operators/map-pulling.ts';
import { pauses } from '../time/in-slices.ts';
import { conditionFaults, type PreparedCondition } from './condition.ts';
import { refuseRow } from './dataset/checked-dataset.ts';
import { endedBy } from './dataset/ended-by.ts';
import { type LabelCheck, labelChecks } from './dataset/label-checks.ts';
import { type ExperimentProgress, experimentAccount } from './experiment-account.ts';
import type { ExperimentPolicyChain } from './experiment-policies.ts';
import {
  type JournaledCall,
  type JournaledCallOptions,
  journaledCalls,
  type Recording,
} from './journal/journaled-call.ts';
import { ModelUnavailableError } from './model-unavailable-error.ts';
import { outageWatch } from './outage-watch.ts';
import type { Dataset, Question } from './question.ts';
import { rescoreQuestion } from './rescoring/rescore-question.ts';
import type { Scorer, ScoringContext } from './scorers/scorer.ts';
import { type Scoring, scoringOf } from './scoring.ts';
import { SpendingLimitError } from './spending-limit-error.ts';
import type { Trial } from './trial.ts';

/** An experiment with its defaults, its dataset checked and its conditions prepared. */
export interface PreparedExperiment extends JournaledCallOptions {
  readonly dataset: Dataset;
  /** Whether the rows of the dataset are checked before the first question. */
  readonly isChecked: boolean;
  readonly conditions: readonly PreparedCondition[];
  readonly scorer: Scorer | 'none';
  readonly concurrency: number;
  readonly pricing?: Pricing | undefined;
  readonly policies: ExperimentPolicyChain;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExperimentProgress) => void) | undefined;
}

/** Receives the trials of a question. */
type Receiver = Subscriber<readonly Trial[]>;

/**
 * Yields the trials of the questions in order. If a model is out of reach or the budget is spent, it reads no more questions,
 * yields the trials that are complete, and throws.
 */
export async function* runTrials(experiment: PreparedExperiment): AsyncGenerator<Trial, undefined> {
  const {
    dataset,
    isChecked,
    conditions,
    scorer,
    concurrency,
    pricing,
    policies,
    journal,
    onMiss,
    signal,
    onProgress,
  } = experiment;
  const stopping = new AbortController();
  const stop = ({ cause }: CancelledError): void => stopping.abort(cause);
  let failure: JournalWriteError | undefined;
  let ended: ModelUnavailableError | SpendingLimitError | undefined;
  const account = experimentAccount(pricing);
  const watch = outageWatch();
  const judgeWatch = outageWatch();
  const calls = journaledCalls(experiment);
  const pause = pauses();
  const checks = labelChecks(conditions, scorer);
  const contexts = conditions.map(({ readAnswer }) => ({
    onMiss,
    [internal]: account.noteScoring,
    readAnswer,
  }));

  /** Ends the run if a call was refused because a cap leaves too little for it. */
  const noteLimit = (model = '', error?: ModelError): void => {
    const reached = policies.reachedBy(error);
    if (reached !== undefined && error !== undefined)
      ended ??= new SpendingLimitError(model, reached.cap, reached.worstUsd, error, journal !== undefined);
  };
  const noteEnd = (model: string, question: string, { isPaid, error }: Recording): void => {
    if (isPaid) return;
    noteLimit(model, error);
    const questions = watch.note(model, question, error);
    if (questions === undefined || error === undefined) return;
    ended ??= new ModelUnavailableError(model, questions, error, journal !== undefined);
  };
  /** A judge that is out of reach would leave all other questions without a score, after they are paid for. */
  const noteVerdict = (question: string, result: Trial['result'], { score, missing }: Scoring): void => {
    // A rescoring makes no calls, so that a recorded failure says nothing about the judge of today.
    if (onMiss === 'error' || isA(result, Error) || (score === undefined && missing === undefined)) return;
    const failed = missing?.outcomes.find((outcome) => outcome.status === 'failed');
    noteLimit(failed?.model, failed?.error);
    const questions = judgeWatch.note('the judge', question, failed?.error);
    if (questions === undefined || failed === undefined) return;
    ended ??= new ModelUnavailableError(failed.model, questions, failed.error, journal !== undefined);
  };
  const makeFor =
    (question: Question): JournaledCall =>
    (...call) => {
      // Calls in flight are completed and recorded, because they are paid for.
      if (ended !== undefined) return EMPTY;
      const [model, ...request] = call;
      return calls(policies.apply(model), ...request).pipe(
        tap({
          next: (output) => {
            if ('entry' in output) noteEnd(model.id, question.id, output);
          },
          error: (error) => {
            if (!(error instanceof JournalWriteError)) return;
            failure ??= error;
            stopping.abort(error);
          },
        }),
        // If a spent budget refuses a call, its question stays open.
        filter((output) => !('error' in output) || policies.reachedBy(output.error) === undefined),
      );
    };
  const trialOf = (question: Question, result: Trial['result'], index: number): Trial | Promise<Trial> => {
    const { name } = conditions[index] as PreparedCondition;
    const { canMatch } = checks[index] as LabelCheck;
    const toTrial = (scoring: Scoring): Trial => {
      noteVerdict(question.id, result, scoring);
      const { missing: _, ...kept } = scoring;
      return { condition: name, question, result, ...kept };
    };
    const scoring = scoringOf({ question, result }, contexts[index] as ScoringContext, scorer, canMatch);
    return isPromise(scoring) ? scoring.then(toTrial) : toTrial(scoring);
  };
  const trialsOf = (
    question: Question,
    results: readonly Trial['result'][],
  ): readonly Trial[] | Promise<readonly Trial[]> => {
    const trials = results.map((result, index) => trialOf(question, result, index));
    return trials.some(isPromise) ? Promise.all(trials) : (trials as readonly Trial[]);
  };
  const begin = (question: Question, index: number, _: Iteration, receiver: Receiver): void => {
    if (!isChecked) refuseRow(question, index, (row) => conditionFaults(conditions, row));
    const results = rescoreQuestion({ question, conditions, make: makeFor(question), account });
    if (isObservable(results)) {
      results.pipe(concatMap(async (each) => trialsOf(question, each))).subscribe(receiver);
      return;
    }
    const trials = trialsOf(question, results);
    if (isPromise(trials)) from(trials).subscribe(receiver);
    else {
      receiver.next(trials);
      receiver.complete();
    }
  };
  const stopListening = signal === undefined ? () => undefined : whenAborted(signal, stop);
  const pulling = { concurrency, ordered: true, signal: stopping.signal };
  const questions = endedBy(dataset, () => ended !== undefined);
  try {
    for await (const trials of pullThrough(questions, { begin }, pulling)) {
      // By itself, because `yield*` awaits each of them twice.
      for (const trial of trials) yield trial;
      account.answered();
      if (onProgress !== undefined) reportRejection('onProgress', onProgress(account.progress()));
      const paused = pause();
      if (paused !== undefined) await paused;
    }
    if (ended !== undefined) throw ended;
  } catch (error) {
    // Counts the calls of questions that did not become complete.
    reportRejection('onProgress', onProgress?.(account.progress()));
    throw failure ?? error;
  } finally {
    runAside('removeEventListener of the signal', stopListening);
  }
}
