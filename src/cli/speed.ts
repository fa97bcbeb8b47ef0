import { counted, formatSeconds } from '../rendering/amounts.ts';

/** How many questions were asked, and how long that took: a fact of the machine, its network and the `concurrency`. */
export interface Speed {
  readonly questions: number;
  readonly durationMs: number;
}

/** Formats questions per second. */
export const formatRate = ({ questions, durationMs }: Speed): string => {
  const rate = durationMs > 0 ? (1000 * questions) / durationMs : 0;
  return rate.toFixed(rate < 10 ? 1 : 0);
};

/** Describes a speed: `400 questions in 3.20 s, 125 per second`. */
export const speedLine = (speed: Speed): string =>
  `${counted(speed.questions, 'question')} in ${formatSeconds(speed.durationMs)}, ${formatRate(speed)} per second`;
