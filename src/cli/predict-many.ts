import { answerText } from '../domain/answer-key.ts';
import { type Cost, sumOf } from '../domain/cost.ts';
import type { ConfigError } from '../domain/errors.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { promptOf } from '../engine/to-request.ts';
import { createEnsemble } from '../ensemble.ts';
import { isSimulated } from '../models/simulated.ts';
import { withFiles } from '../node/dataset/question-of.ts';
import { counted, formatShare, knownCost } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { CommandContext } from './cli-context.ts';
import { exitCodes } from './exit-codes.ts';
import { failureOf } from './failure-of.ts';
import type { PredictionPlan } from './plan-prediction.ts';
import type { PredictFlags } from './predict-flags.ts';
import { printableJson } from './printable-json.ts';
import type { NumberedQuestion } from './questions.ts';

/** The questions in progress, unless `--concurrency` says otherwise. */
export const QUESTIONS_AT_A_TIME = 10;

/** A question without a prediction. */
interface Failure {
  readonly error: NoPredictionError | ConfigError;
}

/**
 * Asks many questions, several at a time, and prints a line for each in their order: with `--json` a JSON document. Questions
 * are read, and answers made, no faster than lines are written. Resolves with the exit code: 1 if a question has no prediction.
 */
export const predictMany = async (
  questions: AsyncIterable<NumberedQuestion>,
  { flags, plan }: { readonly flags: PredictFlags; readonly plan: PredictionPlan },
  { signal, output, errors }: CommandContext,
): Promise<number> => {
  const { options } = plan;
  const simulatedModels = options.models.filter(isSimulated).map(({ id }) => id);
  const lineOf = flags.json === true ? jsonLine(simulatedModels) : textLine;
  const asked: NumberedQuestion[] = [];
  async function* queries(): AsyncGenerator<Query> {
    for await (const question of questions) {
      asked.push(question);
      yield withFiles(question.query, plan.files);
    }
  }
  const results = createEnsemble(options).predictAll<Failure>(queries(), {
    concurrency: flags.concurrency ?? QUESTIONS_AT_A_TIME,
    onError: (error) => ({ error }),
    signal: AbortSignal.any([signal, output.closed]),
  });
  const account = new Account();
  try {
    for await (const result of results) {
      account.add(result);
      // Results come in the order of the questions.
      output.print(lineOf(asked.shift() as NumberedQuestion, result));
      await output.flushed();
    }
  } catch (error) {
    if (!signal.aborted && !output.closed.aborted) throw error;
    if (!output.closed.aborted) errors.print(`interrupted; ${account.line()}`);
    return signal.aborted ? exitCodes.interrupted : exitCodes.failure;
  }
  errors.print(account.line());
  return account.unanswered === 0 ? exitCodes.success : exitCodes.failure;
};

/** How many questions were answered, and what they cost. */
class Account {
  answered = 0;
  unanswered = 0;
  #cost: Cost | undefined;

  add(result: Prediction | Failure): void {
    if ('error' in result) this.unanswered += 1;
    else this.answered += 1;
    const cost = 'error' in result ? costOf(result.error) : result.metadata;
    if (cost !== undefined) this.#cost = this.#cost === undefined ? cost : sumOf([this.#cost, cost]);
  }

  line(): string {
    const amount = this.#cost === undefined ? '' : ` (${knownCost(this.#cost) ?? 'unknown cost'})`;
    const failed = this.unanswered === 0 ? '' : `, ${this.unanswered} without an answer`;
    return `${counted(this.answered + this.unanswered, 'question')}: ${this.answered} answered${failed}${amount}`;
  }
}

const costOf = (error: Failure['error']): Cost | undefined =>
  error instanceof NoPredictionError ? sumOf(error.outcomes) : undefined;

const jsonLine =
  (simulatedModels: readonly string[]) =>
  ({ id, query }: NumberedQuestion, result: Prediction | Failure): string =>
    printableJson(
      {
        id,
        ...('error' in result ? failureOf(query, result.error) : result),
        ...(simulatedModels.length > 0 && { simulatedModels }),
      },
      0,
    );

const MAX_CELL = 60;

/** The answer, how many votes it has, the cost and the question; without an answer, the reason. */
const textLine = ({ query }: NumberedQuestion, result: Prediction | Failure): string => {
  const question = printable(promptOf(query), MAX_CELL);
  if ('error' in result)
    return ['–', `no prediction: ${printable(result.error.message, 200)}`, question].join('\t');
  const { answer, metadata } = result;
  return [
    printable(answerText(answer), MAX_CELL),
    formatShare(metadata.consensus),
    knownCost(metadata) ?? 'unknown',
    question,
  ].join('\t');
};
