import { map, timer } from 'rxjs';
import { type EnsembleOptions, hedgeEach, type Model, parallel } from '../../src/index.ts';
import { drawsFor, normalDraw } from '../../src/models/random.ts';
import { predictionsOf } from './engine-run.ts';
import { percentile } from './measures.ts';

/** A model whose every call, first or hedge, draws a log-normal latency of its own, and which is right nine times in ten. */
const restless = (id: string): Model => {
  const draw = drawsFor(id);
  return {
    id,
    call: () =>
      timer(Math.round(800 * 10 ** (normalDraw(draw) / 2.326347874))).pipe(
        map(() => ({ text: draw() < 0.9 ? '4' : '5' })),
      ),
  };
};

/** What a panel of three takes, and what it asks for besides one call a member. */
const panelRow = (count: number, options: Omit<EnsembleOptions, 'models'>) => {
  const models = ['a', 'b', 'c'].map(restless);
  const predictions = predictionsOf(count, models, options);
  const latencies = predictions.map(({ metadata }) => metadata.latencyMs);
  const calls = predictions.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
  const [p50, p95, p99] = [50, 95, 99].map((percent) => percentile(latencies, percent));
  return { p50, p95, p99, 'extra %': +((calls / (3 * count) - 1) * 100).toFixed(2) };
};

/** A quorum and hedges, alone and together. */
export const panelTable = (count: number) => {
  const hedge = () => hedgeEach({ delay: { percentile: 95 } });
  return {
    'wait for all': panelRow(count, { execution: parallel() }),
    "earlyStop: 'decided'": panelRow(count, { execution: parallel(), earlyStop: 'decided' }),
    hedgeEach: panelRow(count, { execution: hedge()(parallel()) }),
    "hedgeEach and 'decided'": panelRow(count, { execution: hedge()(parallel()), earlyStop: 'decided' }),
  };
};
