import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Draw, drawsFor, normalDraw } from '../../src/models/random.ts';

/** When a call answers, in whole milliseconds from its start; one that does not stream has its answer as first token. */
export interface Latency {
  readonly firstTokenMs: number;
  readonly totalMs: number;
}

/** One question: how long the first model takes, and how long the backup would. */
export type Pair = readonly [primary: Latency, backup: Latency];

const Z99 = 2.326347874;

const logNormal = (draw: Draw, medianMs: number, p99Ms: number): number =>
  medianMs * (p99Ms / medianMs) ** (normalDraw(draw) / Z99);

const atOnce = (totalMs: number): Latency => ({ firstTokenMs: totalMs, totalMs });

const drawn = (count: number, draw: () => Pair): Pair[] => Array.from({ length: count }, draw);

/** Two models of one log-normal latency, independent of each other. */
export const logNormalPairs = (count: number, p99Ms: number, seed: number): Pair[] => {
  const draw = drawsFor(`log-normal ${p99Ms} ${seed}`);
  const latency = () => atOnce(Math.round(logNormal(draw, 800, p99Ms)));
  return drawn(count, () => [latency(), latency()]);
};

/**
 * Two models that stream. The first token of three calls in a hundred is stuck for 2 to 10 s more; the time after it
 * is that of the length of the answer: the question's, and then the same for both models, or each model's own.
 */
export const streamedPairs = (count: number, rest: 'shared' | 'independent', seed: number): Pair[] => {
  const draw = drawsFor(`streamed ${seed}`);
  const firstToken = () => Math.round(logNormal(draw, 300, 900) + (draw() < 0.03 ? 2000 + 8000 * draw() : 0));
  const remaining = () => Math.round(logNormal(draw, 450, 2500));
  return drawn(count, () => {
    const [first, second] = [remaining(), remaining()];
    return [first, rest === 'shared' ? first : second].map((restMs): Latency => {
      const firstTokenMs = firstToken();
      return { firstTokenMs, totalMs: firstTokenMs + restMs };
    }) as unknown as Pair;
  });
};

/** The same calls, which all take three times as long from the middle on. */
export const shifted = (pairs: readonly Pair[]): Pair[] =>
  pairs.map((pair, index) =>
    index < pairs.length / 2
      ? pair
      : (pair.map(({ firstTokenMs, totalMs }) => ({
          firstTokenMs: firstTokenMs * 3,
          totalMs: totalMs * 3,
        })) as unknown as Pair),
  );

const RECORDED = new URL('../../../shared/data/prime-llmdrift-4models.jsonl.gz', import.meta.url);

interface RecordedQuestion {
  readonly responses: readonly { readonly model: string; readonly latencyMs: number }[];
}

/** What real models took for the same questions, by pairs of models; nothing where the recording is not there. */
export const recordedPairs = (): { readonly name: string; readonly pairs: readonly Pair[] }[] => {
  if (!existsSync(RECORDED)) return [];
  const lines = gunzipSync(readFileSync(RECORDED)).toString('utf8').trim().split('\n');
  const questions = lines.map((line): RecordedQuestion => JSON.parse(line));
  return [
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 2],
  ].map(([primary = 0, backup = 1]) => ({
    name: [primary, backup].map((index) => questions[0]?.responses[index]?.model).join(', backup '),
    pairs: questions.flatMap(({ responses }): Pair[] => {
      const [a, b] = [responses[primary]?.latencyMs, responses[backup]?.latencyMs];
      return a && b ? [[atOnce(Math.round(a)), atOnce(Math.round(b))]] : [];
    }),
  }));
};

/** So many questions, drawn from a few with replacement. */
export const resampled = (pairs: readonly Pair[], count: number, seed: number): Pair[] => {
  const draw = drawsFor(`resampled ${seed}`);
  return drawn(count, () => pairs[Math.floor(draw() * pairs.length)] as Pair);
};
