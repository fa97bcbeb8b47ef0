import type { ExperimentProgress } from '../experiment/experiment-account.ts';
import { isIncomplete } from '../experiment/left-out.ts';
import { formatShare, formatUsd, knownCost } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import { currentClock } from '../time/clock.ts';
import { accuracyOf, type ConditionStats } from './condition-stats.ts';
import { isTerminal, type Output } from './output.ts';
import { progressBar } from './progress-bar.ts';
import { formatRate, type Speed } from './speed.ts';

/** Shows the progress of an experiment. */
export interface ExperimentView {
  update(progress: ExperimentProgress): void;
  /** Returns the latest progress. */
  progress(): ExperimentProgress;
  /** Returns the questions so far and the time that they took: up to now, or to the end of the display. */
  speed(): Speed;
  /** Ends the display, whether the experiment has finished or failed. */
  stop(): void;
}

const noProgress: ExperimentProgress = {
  questions: 0,
  calls: 0,
  failures: 0,
  judgeCalls: 0,
  recalled: 0,
  missing: 0,
  unsent: 0,
  spentUsd: undefined,
  spentSource: 'unknown',
  recordedUsd: undefined,
  recordedSource: 'unknown',
};

/** Shows a progress bar on a terminal; elsewhere prints one line for each tenth of the questions. */
export const experimentView = (output: Output, count: number, stats: ConditionStats): ExperimentView => {
  const clock = currentClock();
  const startedAtMs = clock();
  let latest = noProgress;
  let endedAtMs: number | undefined;
  const speed = (): Speed => ({
    questions: latest.questions,
    durationMs: (endedAtMs ?? clock()) - startedAtMs,
  });
  const status = (): string => {
    const { calls, spentUsd, spentSource, recordedUsd, recordedSource } = latest;
    const spent = knownCost({ costUsd: spentUsd, costSource: spentSource });
    const reused = knownCost({ costUsd: recordedUsd, costSource: recordedSource });
    return [
      `${formatRate(speed())}/s`,
      `spent ${spent ?? (calls > 0 ? 'an unknown amount' : formatUsd(0))}`,
      ...(reused === undefined ? [] : [`reused ${reused}`]),
      ...best(stats),
    ].join(' · ');
  };
  const show = isTerminal(output.stream) ? liveBar : progressLines;
  const display = show(output, count, status);
  return {
    update(progress) {
      latest = progress;
      display.update(progress.questions);
    },
    progress: () => latest,
    speed,
    stop() {
      endedAtMs ??= clock();
      display.stop();
    },
  };
};

/** Describes the condition with the highest accuracy so far, among those that an outage has hardly touched. */
const best = (stats: ConditionStats): string[] => {
  const [leader] = [...stats]
    .filter(([, results]) => !isIncomplete(results))
    .map(([condition, results]) => ({ condition, accuracy: accuracyOf(results) }))
    .flatMap(({ condition, accuracy }) => (accuracy === undefined ? [] : [{ condition, accuracy }]))
    .sort((one, other) => other.accuracy - one.accuracy);
  return leader === undefined
    ? []
    : [`best ${formatShare(leader.accuracy)} (${printable(leader.condition, 30)})`];
};

interface Display {
  update(questions: number): void;
  stop(): void;
}

const liveBar = (output: Output, count: number, status: () => string): Display => {
  const format = '{bar} {value}/{total} · {eta_formatted} left · {status}';
  const bar = progressBar(output, format, count, { status: '' });
  return {
    update(questions) {
      if (!output.closed.aborted) bar.update(questions, { status: status() });
    },
    stop: () => bar.stop(),
  };
};

const progressLines = (output: Output, count: number, status: () => string): Display => {
  let tenths = 0;
  return {
    update(questions) {
      const reached = Math.floor((10 * questions) / Math.max(1, count));
      if (reached <= tenths) return;
      tenths = reached;
      output.print(`${questions}/${count} · ${status()}`);
    },
    stop: () => {},
  };
};
