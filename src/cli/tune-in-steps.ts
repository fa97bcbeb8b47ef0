import { setImmediate } from 'node:timers/promises';
import { type Tuned, tuning } from '../experiment/tuning/tune.ts';
import type { TuneAdvice, TuneOptions } from '../experiment/tuning/tune-options.ts';
import { currentClock } from '../time/clock.ts';
import type { CommandContext } from './cli-context.ts';
import { isTerminal } from './output.ts';
import { progressBar } from './progress-bar.ts';

/** What to do about faults of recorded calls, in terms of the command. */
const advice: TuneAdvice = {
  few: 'record more questions, or use a larger --sample',
  missing: 'run the experiment with a condition that calls every model for every question',
  failed: 'run the experiment again, which makes only these calls, or remove the model from the experiment',
  cost: 'state it as "price" of the model in the experiment, record "costUsd" with its responses, or use --max-calls instead',
};

/** The longest time without a look at signals and the terminal. */
const SLICE_MS = 10;

/**
 * Tunes in slices, so that Ctrl-C is noticed, and shows the progress on a terminal. Resolves with nothing if it was
 * interrupted, or if the reader of the output is gone.
 */
export const tuneInSteps = async (
  options: TuneOptions,
  { signal, output, errors }: Pick<CommandContext, 'signal' | 'output' | 'errors'>,
): Promise<Tuned | undefined> => {
  const clock = currentClock();
  const progress = isTerminal(errors.stream) ? progressBar(errors, '{bar} {percentage} %', 1) : undefined;
  const steps = tuning(options, advice);
  let pausedAtMs = clock();
  try {
    while (!signal.aborted && !output.closed.aborted) {
      const { done, value } = steps.next();
      if (done) return value;
      if (clock() - pausedAtMs < SLICE_MS) continue;
      progress?.update(value);
      await setImmediate();
      pausedAtMs = clock();
    }
    return undefined;
  } finally {
    progress?.stop();
  }
};
