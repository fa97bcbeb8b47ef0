/**
 * What OpenTelemetry adds to a prediction, in one run: a panel of three, not instrumented and instrumented,
 * in turns. The ratio
 * that must stay below 1.05 is that without an SDK, where the API's own no-op providers take everything. Then those
 * of an SDK that samples nothing and measures nothing, and of one that records every span and metric in memory.
 */
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { map, of, timer } from 'rxjs';
import { createEnsemble, defineModel, type Model } from '../src/index.ts';
import { type InstrumentOptions, instrument } from '../src/telemetry/opentelemetry.ts';

const texts = ['Paris', 'Paris', 'Lyon'];
const usage = { inputTokens: 12, outputTokens: 3 };
const modelled = (call: (text: string) => Model['call']): Model[] =>
  texts.map((text, index) => ({ id: `model-${index}`, call: call(text) }));

const panels: Readonly<Record<string, readonly Model[]>> = {
  'answer at once': modelled((text) => () => of({ text, usage, costUsd: 0.001 })),
  'answer after a microtask': texts.map((text, index) =>
    defineModel(`model-${index}`, async () => ({ text, usage, costUsd: 0.001 })),
  ),
  'answer after a millisecond': modelled(
    (text) => () => timer(1).pipe(map(() => ({ text, usage, costUsd: 0.001 }))),
  ),
};

const nowhere: SpanProcessor = {
  onStart() {},
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};

class UnreadReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

const sdks: Readonly<Record<string, InstrumentOptions | undefined>> = {
  'not instrumented': undefined,
  'instrumented, no SDK': {},
  'instrumented, SDK that samples and reads nothing': {
    tracerProvider: new TracerProvider({ sampler: new AlwaysOffSampler() }),
    meterProvider: new MeterProvider(),
  },
  'instrumented, SDK that records everything': {
    tracerProvider: new TracerProvider({ spanProcessors: [nowhere] }),
    meterProvider: new MeterProvider({ readers: [new UnreadReader()] }),
  },
};

// As with every SDK: contexts flow along.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** The time of a task, in µs: the middle one of many rounds, in each of which all tasks have their turn. */
const interleaved = async (
  tasks: Readonly<Record<string, () => Promise<unknown>>>,
  { rounds, batch }: { readonly rounds: number; readonly batch: number },
): Promise<Record<string, number>> => {
  const times = new Map<string, number[]>(Object.keys(tasks).map((name) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const [name, task] of Object.entries(tasks)) {
      const startedAtMs = performance.now();
      for (let call = 0; call < batch; call += 1) await task();
      if (round >= 0) times.get(name)?.push(((performance.now() - startedAtMs) * 1000) / batch);
    }
  }
  return Object.fromEntries(
    Array.from(times, ([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN]),
  );
};

const WARM_UP = 20;

const overheads: [panel: string, ratio: number][] = [];
for (const [panel, models] of Object.entries(panels)) {
  const tasks = Object.entries(sdks).map(([sdk, options]) => {
    const ensemble = createEnsemble({ models });
    if (options !== undefined) instrument(ensemble, options);
    return [sdk, () => ensemble.predict('?')] as const;
  });
  const isSlow = panel.includes('millisecond');
  const micros = await interleaved(Object.fromEntries(tasks), {
    rounds: isSlow ? 1000 : 300,
    batch: isSlow ? 1 : 100,
  });
  const own = micros['not instrumented'] ?? Number.NaN;
  console.log(`\na prediction by three models that ${panel}`);
  for (const [sdk, value] of Object.entries(micros)) {
    console.log(`  ${(value / own).toFixed(2).padStart(8)}  ${sdk} (${value.toFixed(2)} µs)`);
  }
  overheads.push([panel, (micros['instrumented, no SDK'] ?? Number.NaN) / own]);
}

console.log('\nadded by `instrument` without an SDK, which must stay below 5 %');
for (const [panel, ratio] of overheads) {
  console.log(`  ${((ratio - 1) * 100).toFixed(1).padStart(7)} %  models that ${panel}`);
}
