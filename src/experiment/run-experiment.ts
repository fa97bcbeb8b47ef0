import { concatMap, type Observable, tap } from 'rxjs';
import { ConfigError, JournalWriteError } from '../domain/errors.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import type { Pricing } from '../domain/pricing.ts';
import { abortWith } from '../engine/abort-with.ts';
import type { PredictionResult } from '../metrics/stats.ts';
import { mapPulling } from '../operators/map-pulling.ts';
import { bound, faultsOf, limitMs, ofType, oneOf, refuse } from '../options.ts';
import { type Conditions, type PreparedCondition, prepareConditions } from './condition.ts';
import { type ExperimentProgress, experimentAccount } from './experiment-account.ts';
import type { Journal } from './journal/journal.ts';
import { isJournal } from './journal/journaled.ts';
import { type JournaledCall, journaledCalls } from './journal/journaled-call.ts';
import type { Dataset, Question } from './question.ts';
import { rescoreQuestion } from './rescoring/rescore-question.ts';
import { type SampleOptions, sample } from './sample.ts';
import { exact } from './scorers/exact.ts';
import type { Scorer } from './scorers/scorer.ts';
import type { Trial } from './trial.ts';

/** Options of {@link runExperiment}. */
export interface ExperimentOptions {
  /** The questions; read one by one. */
  readonly dataset: Dataset;
  /** Configurations of ensembles, by name. A condition without `timeoutMs` waits for every answer. */
  readonly conditions: Conditions;
  /** Where calls are recorded and found again. Default: they are not, and are shared by the conditions alone. */
  readonly journal?: Journal;
  /** How right an answer is. Default: {@link exact}. */
  readonly scorer?: Scorer;
  /** How many questions are worked on at a time, or `Infinity`. Default 10. */
  readonly concurrency?: number;
  /** Asks only some of the questions, drawn at random. Default: all of them. */
  readonly sample?: SampleOptions;
  /** How long a call may take, in milliseconds; `Infinity` for no limit. Default 120,000. */
  readonly timeoutMs?: number;
  /** What a call does that is not recorded: `call` the model, or fail with `error`. Default `call`. */
  readonly onMiss?: 'call' | 'error';
  /** Knows what calls cost whose models only report tokens; a condition's own comes first. */
  readonly pricing?: Pricing;
  /** Aborts the calls that are out; the iteration then ends with `CancelledError`. */
  readonly signal?: AbortSignal;
  /** Told after the trials of each question have been read. What it throws ends the experiment. */
  readonly onProgress?: (progress: ExperimentProgress) => void;
}

/**
 * A trial for each question and condition: what was predicted, how right it is, what it cost and took. In the order of
 * the dataset, and of the conditions for each question. Nothing happens before the iteration begins; leaving it early
 * aborts what is out.
 *
 * ```text
 * question 1   perform(conditions) → missing calls → make and record them → perform(conditions) → trials
 * question 2     perform(conditions) → missing calls → make and record them → …
 * ```
 *
 * A condition is always performed on recorded calls, in virtual time: each call takes as long as it took when it was
 * made. A call that a condition asks for and that is not recorded is made, recorded, and the performance repeated. So a
 * call is made once for all conditions, a trial is the same whether its calls were made now or a year ago, and no call
 * is paid for and then aborted. It also means that a trial's latency is made of the calls' latencies alone.
 *
 * Costs the calls that are neither in the journal nor among the `responses` of the question. Failed calls are made
 * again when the experiment is run again. Holds `concurrency` questions, whatever the size of the dataset.
 *
 * A question that a condition has no prediction for is a trial with the error as its result, and a score of 0.
 *
 * @throws {ConfigError} listing every option that cannot be. The iteration ends with `JournalWriteError` once a call
 *   cannot be recorded, with the others aborted and nothing more asked; with `CancelledError` where the signal aborts;
 *   with `UserCodeError` where the scorer throws; with what the dataset throws.
 *
 * @example
 * ```ts
 * import { memoryJournal, runExperiment } from 'crucible-ensemble/experiment';
 *
 * const journal = memoryJournal();
 * const small = simulated({ id: 'small', accuracy: 0, confidence: 0.6 });
 * const large = simulated({ id: 'large', accuracy: 1, confidence: 0.95 });
 * const trials = runExperiment({
 *   dataset: [{ id: '1', question: 'What is 17 * 23?', expected: '391' }],
 *   conditions: { small: { models: [small] }, cascade: { models: [small, large], execution: 'cascade' } },
 *   journal,
 * });
 * const scores = [];
 * for await (const { condition, score } of trials) scores.push([condition, score]);
 * scores; // => [['small', 0], ['cascade', 1]]
 * journal.count; // => 2
 * ```
 */
export const runExperiment = (options: ExperimentOptions): AsyncIterable<Trial> => {
  const conditions = prepareConditions('runExperiment', options?.conditions, options?.pricing);
  const faults = [...experimentFaults(options), ...('faults' in conditions ? conditions.faults : [])];
  const questions = options?.sample === undefined ? options?.dataset : drawn(options, faults);
  refuse(faults);
  const ready = conditions as readonly PreparedCondition[];
  return { [Symbol.asyncIterator]: () => iterate(options, questions, ready) };
};

async function* iterate(
  options: ExperimentOptions,
  questions: Dataset,
  conditions: readonly PreparedCondition[],
): AsyncGenerator<Trial, undefined> {
  const { journal, onMiss = 'call', timeoutMs = 120_000, concurrency = 10, signal, onProgress } = options;
  const { scorer = exact(), pricing } = options;
  const calls = journaledCalls({ journal, onMiss, timeoutMs });
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(signal?.reason);
  let failure: JournalWriteError | undefined;
  const account = experimentAccount(pricing);
  const make: JournaledCall = (...call) =>
    calls(...call).pipe(
      tap({
        error: (error) => {
          if (!(error instanceof JournalWriteError)) return;
          failure ??= error;
          stopping.abort(error);
        },
      }),
    );
  const trialsOf = (question: Question): Observable<readonly Trial[]> =>
    rescoreQuestion(question, conditions, make, account).pipe(
      concatMap((results) =>
        Promise.all(
          results.map(async (result, index): Promise<Trial> => {
            const condition = conditions[index] as PreparedCondition;
            const score = await scored(result, question, condition, scorer);
            return { condition: condition.name, question, result, score };
          }),
        ),
      ),
      abortWith(stopping.signal),
    );
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    for await (const trials of mapPulling(questions, trialsOf, { concurrency, ordered: true })) {
      yield* trials;
      account.answered();
      onProgress?.(account.progress());
    }
  } catch (error) {
    throw failure ?? error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const scored = async (
  result: PredictionResult,
  question: Question,
  context: PreparedCondition,
  scorer: Scorer,
): Promise<number | undefined> => {
  if (question.expected === undefined) return undefined;
  if (result instanceof Error) return 0;
  try {
    const score = Number(await scorer(result.answer, question, context));
    if (score >= 0 && score <= 1) return score;
    throw new RangeError(`a score is a number from 0 to 1, and not ${score}`);
  } catch (error) {
    throw new UserCodeError('the scorer', { cause: error });
  }
};

/** The sample; what is wrong with it is one fault among others. */
const drawn = (options: ExperimentOptions, faults: string[]): Dataset => {
  try {
    return sample(options.dataset, options.sample as SampleOptions);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
    return [];
  }
};

const experimentFaults = (options: ExperimentOptions): string[] => [
  ...(options?.dataset === undefined ? ['runExperiment: option "dataset" is missing'] : []),
  ...faultsOf('runExperiment', options, {
    dataset: oneOf(
      [],
      'an iterable of questions',
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        (Symbol.iterator in value || Symbol.asyncIterator in value),
    ),
    conditions: () => undefined,
    journal: isJournal,
    scorer: ofType('function'),
    concurrency: bound(1),
    sample: ofType('object'),
    timeoutMs: limitMs,
    onMiss: oneOf(['call', 'error'], ''),
    pricing: ofType('object'),
    signal: ofType('object'),
    onProgress: ofType('function'),
  }),
];
