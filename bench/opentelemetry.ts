/**
 * What OpenTelemetry adds to a prediction, in one run: a panel of three, not instrumented and instrumented. The ratio
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
import { ratios } from './ratios.ts';

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

const overheads: [panel: string, ratio: number][] = [];
for (const [panel, models] of Object.entries(panels)) {
  const tasks = Object.entries(sdks).map(([sdk, options]) => {
    const ensemble = createEnsemble({ models });
    if (options !== undefined) instrument(ensemble, options);
    return [sdk, () => ensemble.predict('?')] as const;
  });
  const found = await ratios(`a prediction by three models that ${panel}`, Object.fromEntries(tasks));
  overheads.push([panel, found['instrumented, no SDK'] ?? Number.NaN]);
}

console.log('\nadded by `instrument` without an SDK, which must stay below 5 %');
for (const [panel, ratio] of overheads) {
  console.log(`  ${((ratio - 1) * 100).toFixed(1).padStart(7)} %  models that ${panel}`);
}
