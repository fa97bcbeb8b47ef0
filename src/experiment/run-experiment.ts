import type { ModelJudge } from '../deciders/judge.ts';
import type { Jury } from '../deciders/jury.ts';
import { isIterable } from '../domain/is-iterable.ts';
import type { Pricing } from '../domain/pricing.ts';
import { bound, checked, faultsOf, limitMs, ofType, oneOf, reading, required, suchThat } from '../options.ts';
import { areConditions, type Conditions, conditionFaults, prepareConditions } from './condition.ts';
import { checkedDataset, isCheckedFirst, labelsNeeded } from './dataset/checked-dataset.ts';
import { labelChecks } from './dataset/label-checks.ts';
import { sizeChecked } from './dataset/size-checked.ts';
import type { ExperimentProgress } from './experiment-account.ts';
import { type ExperimentPolicies, experimentPolicies, policySpecs } from './experiment-policies.ts';
import type { Journal } from './journal/journal.ts';
import { isJournal } from './journal/journaled.ts';
import type { Dataset } from './question.ts';
import { runTrials } from './run-trials.ts';
import { type SampleOptions, sample, sampleSpecs } from './sample.ts';
import { exact } from './scorers/exact.ts';
import { FOREIGN_JUDGE, isForeignJudge, isScoringDecider, toScorer } from './scorers/judge.ts';
import type { Scorer } from './scorers/scorer.ts';
import type { Trial } from './trial.ts';

/** Options of {@link runExperiment}. */
export interface ExperimentOptions extends ExperimentPolicies {
  /** The questions; read one by one. */
  readonly dataset: Dataset;
  /** Options of ensembles, by name. A condition without `timeoutMs` waits for every answer. */
  readonly conditions: Conditions;
  /** Records calls and finds them again. Default: none; then only the conditions of this run share calls. */
  readonly journal?: Journal;
  /** Scores answers. With `none`, nothing is scored, and right answers are not needed. Default: {@link exact}. */
  readonly scorer?: Scorer | ModelJudge | Jury | 'none';
  /** The largest number of questions in progress, or `Infinity`. Default 10. */
  readonly concurrency?: number;
  /** Asks a random sample of the questions. Default: all questions. */
  readonly sample?: SampleOptions;
  /** Timeout of a call, in milliseconds; `Infinity` for no limit. Default 120,000. */
  readonly timeoutMs?: number;
  /** What to do if a call is not recorded: `call` the model, or fail with `error`. Default `call`. */
  readonly onMiss?: 'call' | 'error';
  /** Prices of models that report only tokens. The `pricing` of a condition takes precedence. */
  readonly pricing?: Pricing;
  /** Aborts the calls in flight; the iteration then throws `CancelledError`. */
  readonly signal?: AbortSignal;
  /**
   * Called after the trials of each question were read, and again if the signal, the journal, an unreachable model or the
   * limit of the budget stops the experiment. If it throws, the experiment ends with its error.
   */
  readonly onProgress?: (progress: ExperimentProgress) => void;
}

/**
 * Runs an experiment: yields a trial for each question and condition, with the prediction, its score, cost and latency.
 * Trials have the order of the dataset and, for each question, the order of the conditions. Nothing happens before the
 * iteration begins; leaving it early aborts the calls in flight.
 *
 * ```text
 * question 1   perform(conditions) → missing calls → make and record them → perform(conditions) → trials
 * question 2     perform(conditions) → missing calls → make and record them → …
 * ```
 *
 * Conditions are always performed on recorded calls, in virtual time: each call takes as long as the recorded one took. If a
 * call is not recorded, it is made and recorded, and the condition is performed again. Therefore each call is made once for
 * all conditions, no paid call is aborted, and a trial does not depend on when its calls were made. The latency of a trial
 * depends only on the latencies of its calls.
 *
 * Costs the calls that are neither in the journal nor among the `responses` of the question. If the experiment is run again,
 * failed calls are made again. Keeps `concurrency` questions in memory, for a dataset of any size.
 *
 * If every call of a model fails because of its key, host, name or credit, for three questions in a row (ten, if the model
 * has already answered), no more questions are read. Calls in flight are completed and recorded, the trials of complete
 * questions are yielded, and the iteration throws `ModelUnavailableError`.
 *
 * The policies `retry`, `circuitBreaker`, `rateLimit`, `providerConcurrency` and `budget` apply to the calls that are made.
 * If a cap of the budget leaves too little for a call, the experiment ends in the same way, with `SpendingLimitError`.
 *
 * If a condition has no prediction for a question, the result of the trial is the error. Its score is 0. But if failed calls
 * of an outage could have changed that, it has no score, and the reason is in `unscored`.
 *
 * @throws {ConfigError} that lists every invalid option. Before the first call, the iteration throws it too for an empty
 * dataset, and for a dataset without right answers if a `scorer` is given or the rows have other fields. It also throws if
 * no right answer can be an answer of a condition, such as lists for `numeric`. It throws `JournalWriteError` if a call
 * cannot be recorded: the other calls are aborted and no more are made. It throws `CancelledError` if the signal aborts,
 * `UserCodeError` if the scorer throws, and the error of the dataset if reading it fails.
 *
 * @example
 * ```ts
 * import { simulated } from 'crucible-ensemble';
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
  return reading('runExperiment', () => {
    const prepared = prepareConditions(options?.conditions, options?.pricing);
    const sampled = options?.sample;
    const policies = experimentPolicies(options ?? {}, options?.pricing);
    const completed = checked('runExperiment', options, experimentSpecs(), [
      ...prepared.faults,
      ...policies.faults,
      ...policies.faultsOf(prepared.models),
      ...(sampled === undefined ? [] : faultsOf('sample', sampled, sampleSpecs)),
      ...(options?.onMiss === 'error' && isForeignJudge(options.scorer)
        ? [`runExperiment: ${FOREIGN_JUDGE}`]
        : []),
    ]);
    const scorer = toScorer(completed.scorer, completed.pricing);
    const smallest = Math.min(...prepared.ready.map(({ maxRequestBytes }) => maxRequestBytes));
    // A question that is not drawn may have any size.
    const source =
      sampled === undefined ? sizeChecked(options.dataset, smallest) : sample(options.dataset, sampled);
    const dataset = checkedDataset(
      source,
      labelsNeeded(options.scorer && scorer),
      labelChecks(prepared.ready, scorer),
      (question) => conditionFaults(prepared.ready, question),
    );
    const isChecked = isCheckedFirst(source);
    const experiment = { ...completed, scorer, dataset, isChecked, policies, conditions: prepared.ready };
    return { [Symbol.asyncIterator]: () => runTrials(experiment) };
  });
};

const experimentSpecs = () =>
  ({
    dataset: required(suchThat('an iterable of questions', isIterable)),
    conditions: required(areConditions),
    journal: isJournal,
    scorer: [suchThat("a function, a judge, a jury, or 'none'", isScorer), exact()],
    concurrency: [bound(1), 10],
    sample: ofType('object'),
    timeoutMs: [limitMs, 120_000],
    onMiss: [oneOf(['call', 'error'], ''), 'call'],
    pricing: ofType('object'),
    signal: ofType('object'),
    onProgress: ofType('function'),
    ...policySpecs,
  }) as const;

const isScorer = (value: unknown): boolean =>
  value === 'none' || typeof value === 'function' || isScoringDecider(value);
