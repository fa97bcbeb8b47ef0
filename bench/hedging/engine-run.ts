import { concatMap, map, merge, range, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { createEnsemble, type EnsembleOptions, type Model, type Prediction } from '../../src/index.ts';
import type { Latency, Pair } from './latencies.ts';
import type { Result } from './measures.ts';

/** A model that takes as long for the question "7" as the seventh of these, and streams where that is asked for. */
const modelOf = (id: string, latencies: readonly Latency[]): Model => ({
  id,
  call: ({ prompt, wantsDeltas }) => {
    const { firstTokenMs, totalMs } = latencies[Number(prompt)] as Latency;
    const answer$ = timer(totalMs).pipe(map(() => ({ text: '4' })));
    return wantsDeltas ? merge(timer(firstTokenMs).pipe(map(() => ({ delta: '4' }))), answer$) : answer$;
  },
});

/** Real predictions in virtual time, one after the other. */
export const predictionsOf = (
  count: number,
  models: readonly Model[],
  options: Omit<EnsembleOptions, 'models'>,
): Prediction[] => {
  const { predict$ } = createEnsemble({ timeoutMs: Number.POSITIVE_INFINITY, ...options, models });
  const predictions: Prediction[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    range(0, count)
      .pipe(concatMap((index) => predict$(String(index))))
      .subscribe((prediction) => predictions.push(prediction));
    flush();
  });
  return predictions;
};

/** The real execution, asked one question after the other in virtual time. */
export const engineRun = (pairs: readonly Pair[], execution: EnsembleOptions['execution']): Result => {
  const models = [0, 1].map((place) =>
    modelOf(
      place === 0 ? 'primary' : 'backup',
      pairs.map((pair) => pair[place] as Latency),
    ),
  );
  const predictions = predictionsOf(pairs.length, models, { ...(execution !== undefined && { execution }) });
  return {
    totalsMs: predictions.map(({ metadata }) => metadata.latencyMs),
    isHedged: predictions.map(({ outcomes }) => outcomes.length > 1),
  };
};
