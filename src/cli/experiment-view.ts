import { Presets, SingleBar } from 'cli-progress';
import type { ExperimentProgress } from '../experiment/experiment-account.ts';
import { shownCost, shownShare } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import { currentClock } from '../time/clock.ts';
import type { ConditionStats } from './condition-stats.ts';
import type { Output } from './output.ts';

/** How an experiment is shown while it runs. */
export interface ExperimentView {
  update(progress: ExperimentProgress): void;
  /** What it had come to last. */
  progress(): ExperimentProgress;
  /** It is over, one way or the other: leave nothing behind that moves. */
  stop(): void;
}

/** What there is to show. */
export interface ExperimentViewOptions {
  /** How many questions there are. */
  readonly count: number;
  readonly standings: Pick<ConditionStats, 'accuracies'>;
}

const nothing: ExperimentProgress = {
  questions: 0,
  calls: 0,
  failures: 0,
  recalled: 0,
  spentUsd: undefined,
  recordedUsd: undefined,
};

/** A bar that moves on a terminal; elsewhere a line for each tenth. */
export const experimentView = (output: Output, options: ExperimentViewOptions): ExperimentView => {
  const { isTTY, columns, rows } = output.stream;
  const isLive = isTTY === true && columns !== 0 && rows !== 0;
  const clock = currentClock();
  const startedAtMs = clock();
  let latest = nothing;
  const sofar = (): string => {
    const seconds = (clock() - startedAtMs) / 1000;
    const rate = seconds > 0 ? latest.questions / seconds : 0;
    const { calls, spentUsd, recordedUsd } = latest;
    return [
      `${rate.toFixed(rate < 10 ? 1 : 0)}/s`,
      `spent ${spentUsd === undefined && calls > 0 ? 'an unknown amount' : shownCost(spentUsd ?? 0)}`,
      ...(recordedUsd === undefined ? [] : [`recorded ${shownCost(recordedUsd)}`]),
      ...best(options.standings.accuracies()),
    ].join(' · ');
  };
  const shown = isLive ? liveBar(output, options.count, sofar) : plainLines(output, options.count, sofar);
  return {
    update(progress) {
      latest = progress;
      shown.update(progress.questions);
    },
    progress: () => latest,
    stop: () => shown.stop(),
  };
};

/** The condition that leads so far. */
const best = (accuracies: ReadonlyMap<string, number | undefined>): string[] => {
  let leader: [string, number] | undefined;
  for (const [condition, accuracy] of accuracies) {
    if (accuracy !== undefined && accuracy > (leader?.[1] ?? -1)) leader = [condition, accuracy];
  }
  return leader === undefined ? [] : [`best ${shownShare(leader[1])} (${printable(leader[0], 30)})`];
};

interface Shown {
  update(questions: number): void;
  stop(): void;
}

const liveBar = ({ stream, closed: lost }: Output, count: number, sofar: () => string): Shown => {
  const bar = new SingleBar(
    {
      format: '{bar} {value}/{total} · {eta_formatted} left · {sofar}',
      stream,
      barsize: 20,
      hideCursor: true,
      clearOnComplete: true,
      // It is this program that ends at a signal, and not a library that listens in.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(count, 0, { sofar: '' });
  return {
    update(questions) {
      if (!lost.aborted) bar.update(questions, { sofar: sofar() });
    },
    stop: () => bar.stop(),
  };
};

const plainLines = (output: Output, count: number, sofar: () => string): Shown => {
  let tenths = 0;
  return {
    update(questions) {
      const reached = Math.floor((10 * questions) / Math.max(1, count));
      if (reached <= tenths) return;
      tenths = reached;
      output.print(`${questions}/${count} · ${sofar()}`);
    },
    stop: () => {},
  };
};
