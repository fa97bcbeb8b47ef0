/**
 * What a learned hedge delay is worth. The long series are plain arithmetic with the delay, the estimator and the
 * budget that the executions use; shorter ones go through the executions themselves, in virtual time, and must
 * come to the same. Ends with an error where a claim does not hold.
 */
import { hedged } from '../src/index.ts';
import { engineRun } from './hedging/engine-run.ts';
import {
  logNormalPairs,
  type Pair,
  recordedPairs,
  resampled,
  shifted,
  streamedPairs,
} from './hedging/latencies.ts';
import {
  bestDelayMs,
  clairvoyantP99Ms,
  largestWindow,
  percentile,
  type Result,
  share,
  sinceCall,
} from './hedging/measures.ts';
import { panelTable } from './hedging/panel-run.ts';
import { fixedRun, learnedRun } from './hedging/plain-run.ts';

const QUESTIONS = 1_000_000;
const IN_THE_ENGINE = 40_000;
/** The calls after which the execution is warm. */
const WARM = 200;

const claim = (text: string, holds: boolean): void => {
  console.log(`${holds ? 'holds' : 'DOES NOT HOLD'}: ${text}`);
  if (!holds) process.exitCode = 1;
};

const inPercent = (part: number): string => `${(part * 100).toFixed(2)} %`;

const p99Of = ({ totalsMs }: Result): number => percentile(totalsMs, 99);

const row = (result: Result) => {
  const [p50, p95, p99, p999] = [50, 95, 99, 99.9].map((percent) =>
    Math.round(percentile(result.totalsMs, percent)),
  );
  return { p50, p95, p99, 'p99.9': p999, 'extra %': +(share(result.isHedged) * 100).toFixed(2) };
};

/** Prints the table of a series of questions, and gives the p99 of the learned delay by that of the best fixed one. */
const compared = (title: string, pairs: readonly Pair[]): number => {
  const warm = pairs.slice(WARM);
  const learned = sinceCall(WARM, learnedRun(pairs));
  const delayMs = bestDelayMs(warm, share(learned.isHedged));
  const best = fixedRun(warm, delayMs);
  console.log(`\n${title}`);
  console.table({
    none: row(fixedRun(warm, Number.POSITIVE_INFINITY)),
    'fixed, 1000 ms': row(fixedRun(warm, 1000)),
    adaptive: row(learned),
    [`best fixed, ${delayMs} ms`]: row(best),
  });
  return p99Of(learned) / p99Of(best);
};

const inWindows = (title: string, pairs: readonly Pair[]): void => {
  for (const [when, series] of [
    ['at rest', pairs],
    ['with a shift by 3 midway', shifted(pairs)],
  ] as const) {
    const largest = largestWindow(learnedRun(series).isHedged);
    claim(
      `${title}, ${when}: at most 5.5 % extra in any 10,000 calls (${inPercent(largest)})`,
      largest <= 0.055,
    );
  }
};

for (const p99 of [6000, 8000, 10_000]) {
  const title = `log-normal, median 800 ms, p99 ${p99} ms`;
  const pairs = logNormalPairs(QUESTIONS, p99, 1);
  const ratio = compared(`${title}, ${QUESTIONS} questions`, pairs);
  claim(`${title}: p99 within 2 % of the best fixed delay (${ratio.toFixed(4)})`, ratio <= 1.02);
  inWindows(title, pairs);
}

console.log('\nWhat a cancelled call teaches: p99 by that of the best fixed delay, and extra calls');
console.table(
  Object.fromEntries(
    (['given up', 'ended', 'as long as its winner'] as const).map((cancelledCountsAs) => {
      const pairs = logNormalPairs(200_000, 8000, 2);
      const learned = learnedRun(pairs, { cancelledCountsAs });
      const best = fixedRun(pairs, bestDelayMs(pairs, share(learned.isHedged)));
      return [
        cancelledCountsAs,
        { ratio: +(p99Of(learned) / p99Of(best)).toFixed(4), 'extra %': row(learned)['extra %'] },
      ];
    }),
  ),
);

for (const { name, pairs } of recordedPairs()) {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const ratios = seeds.map((seed) => {
    const series = resampled(pairs, 200_000, seed);
    if (seed === 1) inWindows(name, series);
    const title = `recorded (${pairs.length} questions, resampled): ${name}`;
    if (seed === 1) return compared(title, series);
    const learned = sinceCall(WARM, learnedRun(series));
    const warm = series.slice(WARM);
    return p99Of(learned) / p99Of(fixedRun(warm, bestDelayMs(warm, share(learned.isHedged))));
  });
  const worst = Math.max(...ratios);
  const all = ratios.map((ratio) => ratio.toFixed(4)).join(', ');
  claim(`${name}: p99 within 2 % of the best fixed delay, in each of 8 resamplings (${all})`, worst <= 1.02);
}

for (const rest of ['shared', 'independent'] as const) {
  const pairs = streamedPairs(QUESTIONS, rest, 1);
  const warm = pairs.slice(WARM);
  const byToken = sinceCall(WARM, learnedRun(pairs, { on: 'firstToken' }));
  const extra = share(byToken.isHedged);
  const clairvoyantMs = clairvoyantP99Ms(warm, extra);
  const delayMs = bestDelayMs(warm, extra, 'firstToken');
  console.log(`\nstreamed, the time after the first token ${rest}`);
  console.table({
    none: row(fixedRun(warm, Number.POSITIVE_INFINITY)),
    'adaptive, on completion': row(sinceCall(WARM, learnedRun(pairs))),
    'adaptive, on the first token': row(byToken),
    [`best fixed on the first token, ${delayMs} ms`]: row(fixedRun(warm, delayMs, 'firstToken')),
  });
  const ratio = p99Of(byToken) / clairvoyantMs;
  const text = `p99 by that of a clairvoyant with as many extra calls, ${Math.round(clairvoyantMs)} ms: ${ratio.toFixed(3)}`;
  if (rest === 'shared') claim(`${text}, at most 1.10`, ratio <= 1.1);
  else console.log(`no claim: ${text}. It avoids long answers too, and does not wait to see who is late.`);
}

console.log(`\nThe executions themselves, ${IN_THE_ENGINE} predictions each in virtual time`);
const simulatedPairs = shifted(logNormalPairs(IN_THE_ENGINE, 8000, 3));
const streamed = streamedPairs(IN_THE_ENGINE, 'shared', 3);
const recorded = recordedPairs()[0];
const throughTheEngine: [string, Result, Result][] = [
  [
    'a fixed delay',
    fixedRun(simulatedPairs, 1000),
    engineRun(simulatedPairs, hedged({ hedgeDelayMs: 1000 })),
  ],
  [
    'a learned delay, shifted by 3',
    learnedRun(simulatedPairs),
    engineRun(simulatedPairs, hedged({ delay: {} })),
  ],
  [
    'on the first token',
    learnedRun(streamed, { on: 'firstToken' }),
    engineRun(streamed, hedged({ delay: {}, on: 'firstToken' })),
  ],
];
if (recorded !== undefined) {
  const series = resampled(recorded.pairs, IN_THE_ENGINE, 3);
  throughTheEngine.push([
    'a learned delay, recorded latencies',
    learnedRun(series),
    engineRun(series, hedged({ delay: {} })),
  ]);
}
for (const [title, plain, real] of throughTheEngine) {
  const different = real.totalsMs.filter(
    (totalMs, index) =>
      Math.abs(totalMs - (plain.totalsMs[index] ?? Number.NaN)) > 1e-3 ||
      real.isHedged[index] !== plain.isHedged[index],
  );
  claim(
    `${title}: the same latency and the same hedges as by arithmetic (${different.length} differ)`,
    real.totalsMs.length === IN_THE_ENGINE && different.length === 0,
  );
}

console.log('\nA panel of three, log-normal, median 800 ms, p99 8000 ms, accuracy 0.9, 20000 predictions');
console.table(panelTable(20_000));
