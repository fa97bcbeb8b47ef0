import { addAbortSignal, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { lastValueFrom, tap } from 'rxjs';
import { ConfigError } from '../domain/errors.ts';
import type { Model } from '../domain/model.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import { createEnsemble } from '../ensemble.ts';
import { isSimulated } from '../models/simulated.ts';
import { withFiles } from '../node/dataset/question-of.ts';
import type { CommandContext } from './cli-context.ts';
import { exitCodes } from './exit-codes.ts';
import { failureLines } from './failure-lines.ts';
import { liveView } from './live-view.ts';
import { isTerminal } from './output.ts';
import { createPaint } from './paint.ts';
import type { ParsedFlags } from './parse-predict-flags.ts';
import { type PredictionPlan, planPrediction } from './plan-prediction.ts';
import type { PredictFlags } from './predict-flags.ts';
import { predictMany } from './predict-many.ts';
import { afterEvent, initialProgress, withOutcomes } from './prediction-progress.ts';
import { questionsOf } from './questions.ts';
import { jsonView, plainView, type View } from './views.ts';

/**
 * Asks one question, or those of `--input` or `--lines`, shows the answer, and resolves with the exit code. The question `-` is read from standard input.
 *
 * @throws {ConfigError} that lists every fault of the flags.
 */
export const predict = async (
  question: string,
  parsed: ParsedFlags,
  context: CommandContext,
): Promise<number> => {
  const { stdin, env, signal, output, errors } = context;
  const plan = await planPrediction(parsed, context);
  const { options, files, note } = plan;
  const questions = await questionsOf(parsed.flags, context);
  if (questions !== undefined) {
    if (note !== undefined) errors.print(note);
    return predictMany(questions, { flags: parsed.flags, plan }, context);
  }
  const query = withFiles(question === '-' ? await readQuestion(stdin, signal) : question, files);
  if (note !== undefined) errors.print(note);

  const view = viewFor(parsed.flags, options.models, context);
  let progress = initialProgress(membersOf(options), options.deadlineMs);
  const ensemble = createEnsemble(options);
  // If the reader of the output is gone, the remaining calls would be paid for in vain.
  const events$ = ensemble.stream(query, { signal: AbortSignal.any([signal, output.closed]) }).pipe(
    tap((event) => {
      progress = afterEvent(progress, event);
      view.update(progress, event);
    }),
  );
  try {
    const last = await lastValueFrom(events$);
    if (last.type === 'complete') {
      const { outcomes, metadata } = last.prediction;
      view.complete(withOutcomes(progress, outcomes, metadata.stoppedBy), last.prediction);
    }
    return exitCodes.success;
  } catch (error) {
    view.fail(query, error);
    if (!(error instanceof NoPredictionError)) throw error;
    if (!output.closed.aborted) {
      const { isTTY, columns = 120 } = errors.stream;
      const paint = createPaint(isTTY === true, env);
      errors.print(...failureLines(error, progress, { paint, columns }));
    }
    return signal.aborted ? exitCodes.interrupted : exitCodes.failure;
  }
};

/** The ids of the calls: those of the models, each as often as it is asked. */
const membersOf = ({ models, samples = 1 }: PredictionPlan['options']): string[] =>
  idsOf(models).flatMap((id) => new Array<string>(samples).fill(id));

const idsOf = (models: readonly Model[]): string[] => models.map(({ id }) => id);

/** Reads the question as it was typed or recorded; removes only the line break at its end. */
const readQuestion = async (stdin: Readable, signal: AbortSignal): Promise<string> => {
  const question = (await text(addAbortSignal(signal, stdin))).replace(/\r?\n$/, '');
  if (question.trim() === '') throw new ConfigError(['the question on standard input is empty']);
  return question;
};

const viewFor = (
  flags: PredictFlags,
  models: readonly Model[],
  { output, env }: Pick<CommandContext, 'output' | 'env'>,
): View => {
  if (flags.json === true) return jsonView(output, idsOf(models.filter(isSimulated)));
  const isLive = isTerminal(output.stream) && env.TERM !== 'dumb';
  return isLive ? liveView(output, createPaint(true, env)) : plainView(output);
};
