import { createLogUpdate } from 'log-update';
import { interval, type Subscription } from 'rxjs';
import { currentClock } from '../time/clock.ts';
import { callLines } from './call-lines.ts';
import type { Output } from './output.ts';
import type { Paint } from './paint.ts';
import type { PredictionProgress } from './prediction-progress.ts';
import { summaryLines } from './summary-lines.ts';
import type { View } from './view.ts';
import { voteLines } from './vote-lines.ts';

const REDRAW_EVERY_MS = 100;

/** For terminals: the calls and the votes, redrawn in place while they come in, then the result below. */
export const liveView = (output: Output, paint: Paint): View => {
  const redraw = createLogUpdate(output.stream);
  const clock = currentClock();
  let ticking: Subscription | undefined;
  let latest: PredictionProgress = { calls: [], votes: {} };
  let height = 0;
  const draw = (ballot: PredictionProgress): void => {
    if (output.closed.aborted) return;
    const columns = output.stream.columns ?? 80;
    const lines = callLines(ballot, { paint, columns, timeMs: clock() });
    const votes = voteLines(ballot, { paint, columns });
    const frame = [...lines, ...(votes.length > 0 ? ['', ...votes] : [])];
    // log-update redraws what differs from the last frame, and loses its place when a frame has grown.
    if (frame.length !== height) redraw.clear();
    height = frame.length;
    redraw(frame.join('\n'));
  };
  return {
    update: (ballot) => {
      latest = ballot;
      ticking ??= interval(REDRAW_EVERY_MS).subscribe(() => draw(latest));
      draw(ballot);
    },
    complete: (ballot, prediction) => {
      ticking?.unsubscribe();
      draw(ballot);
      redraw.done();
      output.print('', ...summaryLines(prediction, paint));
    },
    fail: () => {
      ticking?.unsubscribe();
      redraw.clear();
      redraw.done();
    },
  };
};
