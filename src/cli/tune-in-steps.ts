import { finalize, lastValueFrom, Observable, takeUntil, tap } from 'rxjs';
import { whenAborted } from '../engine/abort-with.ts';
import type { Tuned } from '../experiment/tuning/tune.ts';
import { tuningInSlices } from '../experiment/tuning/tune-events.ts';
import type { TuneAdvice, TuneOptions } from '../experiment/tuning/tune-options.ts';
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

/**
 * Tunes in slices, so that Ctrl-C is noticed, and shows the progress on a terminal. Resolves with nothing if it was
 * interrupted, or if the reader of the output is gone.
 */
export const tuneInSteps = async (
  options: TuneOptions,
  { signal, output, errors }: Pick<CommandContext, 'signal' | 'output' | 'errors'>,
): Promise<Tuned | undefined> => {
  const progress = isTerminal(errors.stream) ? progressBar(errors, '{bar} {percentage} %', 1) : undefined;
  const stopped$ = new Observable<void>((subscriber) =>
    whenAborted(AbortSignal.any([signal, output.closed]), () => subscriber.next()),
  );
  const last = await lastValueFrom(
    tuningInSlices(options, advice).pipe(
      takeUntil(stopped$),
      tap((event) => event.type === 'progress' && progress?.update(event.share)),
      finalize(() => progress?.stop()),
    ),
    { defaultValue: undefined },
  );
  return last?.type === 'complete' ? last.tuned : undefined;
};
