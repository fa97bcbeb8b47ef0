import { createLogUpdate } from 'log-update';
import { interval, type Subscription } from 'rxjs';
import { currentClock } from '../time/clock.ts';
import type { Output } from './output.ts';
import type { Paint } from './paint.ts';
import type { PredictionProgress } from './prediction-progress.ts';
import { callLines, voteLines } from './progress-lines.ts';
import { summaryLines } from './summary-lines.ts';
import type { View } from './views.ts';

const REDRAW_EVERY_MS = 100;

/** A view for terminals: redraws calls and votes in place while the prediction runs, then prints the result below. */
export const liveView = (output: Output, paint: Paint): View => {
  const redraw = createLogUpdate(output.stream);
  const clock = currentClock();
  let ticking: Subscription | undefined;
  let latest: PredictionProgress = { calls: [], votes: {} };
  let height = 0;
  const draw = (progress: PredictionProgress): void => {
    if (output.closed.aborted) return;
    const layout = { paint, columns: output.stream.columns ?? 80 };
    const lines = callLines(progress, layout, clock());
    const votes = voteLines(progress, layout);
    const frame = [...lines, ...(votes.length > 0 ? ['', ...votes] : [])];
    // log-update writes only what differs from the last frame, and writes to the wrong line if the frame has grown.
    if (frame.length !== height) redraw.clear();
    height = frame.length;
    redraw(frame.join('\n'));
  };
  return {
    update: (progress) => {
      latest = progress;
      ticking ??= interval(REDRAW_EVERY_MS).subscribe(() => draw(latest));
      draw(progress);
    },
    complete: (progress, prediction) => {
      ticking?.unsubscribe();
      draw(progress);
      redraw.done();
      output.print('', ...summaryLines(prediction, progress, paint));
    },
    fail: () => {
      ticking?.unsubscribe();
      redraw.clear();
      redraw.done();
    },
  };
};
