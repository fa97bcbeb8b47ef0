import { addAbortSignal, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { lastValueFrom, tap } from 'rxjs';
import { ConfigError } from '../domain/errors.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import { createEnsemble } from '../ensemble.ts';
import type { CliContext } from './cli-context.ts';
import { exitCodes } from './exit-codes.ts';
import { failureLines } from './failure-lines.ts';
import { jsonView } from './json-view.ts';
import { liveView } from './live-view.ts';
import { observeCalls } from './observe-calls.ts';
import type { Output } from './output.ts';
import { createPaint } from './paint.ts';
import type { ParsedFlags } from './parse-flags.ts';
import { plainView } from './plain-view.ts';
import { planPrediction } from './plan-prediction.ts';
import type { PredictFlags } from './predict-flags.ts';
import { afterEvent, initialProgress, type ProgressEvent, withOutcomes } from './prediction-progress.ts';
import type { View } from './view.ts';

/** Where a prediction reads from and writes to. */
export interface PredictContext extends Pick<CliContext, 'stdin' | 'env' | 'signal'> {
  readonly output: Output;
  readonly errors: Output;
}

/**
 * Asks one question and shows the answer; `-` reads the question from standard input. Yields the exit code.
 *
 * @throws {ConfigError} listing every fault of the flags.
 */
export const predict = async (
  question: string,
  reading: ParsedFlags,
  { stdin, env, signal, output, errors }: PredictContext,
): Promise<number> => {
  const { options, models, execution, note: whoAnswers } = await planPrediction(reading, { env, signal });
  const query = question === '-' ? await readQuestion(stdin, signal) : question;
  const { flags } = reading;
  if (whoAnswers !== undefined) errors.print(whoAnswers);

  const view = viewFor(flags, output, env);
  let ballot = initialProgress(models.map(({ id }) => id));
  const note = (event: ProgressEvent): void => {
    ballot = afterEvent(ballot, event);
    view.update(ballot, event);
  };
  const ensemble = createEnsemble({ ...options, execution: observeCalls(execution, note) });
  // Nobody reads the answer any more: then nobody needs to pay for it either.
  const events$ = ensemble.stream(query, { signal: AbortSignal.any([signal, output.closed]) }).pipe(
    tap((event) => {
      if (event.type === 'consensus') note({ type: 'counted', votes: event.votes });
    }),
  );
  try {
    const last = await lastValueFrom(events$);
    if (last.type === 'complete') {
      view.complete(withOutcomes(ballot, last.prediction.outcomes), last.prediction);
    }
    return exitCodes.answered;
  } catch (error) {
    view.fail();
    if (!(error instanceof NoPredictionError)) throw error;
    if (!output.closed.aborted) {
      const paint = createPaint(errors.stream.isTTY === true, env);
      errors.print(...failureLines(error, ballot, paint));
    }
    return signal.aborted ? exitCodes.interrupted : exitCodes.noPrediction;
  }
};

/** The question as it was typed or recorded: without the line break at its end, and nothing else taken away. */
const readQuestion = async (stdin: Readable, signal: AbortSignal): Promise<string> => {
  const question = (await text(addAbortSignal(signal, stdin))).replace(/\r?\n$/, '');
  if (question.trim() === '') throw new ConfigError(['the question on standard input is empty']);
  return question;
};

const viewFor = (flags: PredictFlags, output: Output, env: CliContext['env']): View => {
  if (flags.json === true) return jsonView(output);
  const { isTTY, columns, rows } = output.stream;
  // Some terminals are dumb, and some recorders of terminals say that theirs has no room at all.
  const isLive = isTTY === true && env.TERM !== 'dumb' && columns !== 0 && rows !== 0;
  return isLive ? liveView(output, createPaint(true, env)) : plainView(output);
};
