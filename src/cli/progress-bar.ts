import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

/** Starts a progress bar up to `total` on a terminal; it leaves nothing behind. */
export const progressBar = (
  { stream }: Output,
  format: string,
  total: number,
  payload?: object,
): SingleBar => {
  const bar = new SingleBar(
    {
      format,
      stream,
      barsize: 20,
      hideCursor: true,
      clearOnComplete: true,
      // This program handles signals; the library must not end the process.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, payload);
  return bar;
};
