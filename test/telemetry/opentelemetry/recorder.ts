import { type Attributes, context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach } from 'vitest';

/** Makes contexts flow along, as every SDK does, for the tests of a file. */
export const useContexts = (): void => {
  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(async () => {
    context.disable();
    // The exporter in memory says that it is done in a timer of its own.
    await new Promise((resolve) => setTimeout(resolve, 1));
  });
};

/** A reader that reads when it is asked. */
class PulledReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** One series of a metric: its attributes, and its sum, or how often and how much was recorded. */
export interface Series {
  readonly attributes: Attributes;
  readonly value: number | { readonly count: number; readonly sum: number | undefined };
}

/** Spans and metrics of an SDK in memory, as tests ask for them. */
export const createRecorder = () => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const reader = new PulledReader();
  const meterProvider = new MeterProvider({ readers: [reader] });

  const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
  const parentOf = ({ parentSpanContext }: ReadableSpan) =>
    spans().find((span) => span.spanContext().spanId === parentSpanContext?.spanId);
  const pathOf = (span: ReadableSpan): string => {
    const parent = parentOf(span);
    return parent === undefined ? span.name : `${pathOf(parent)} > ${span.name}`;
  };
  const metrics = async () => {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  };
  return {
    /** Where `instrument` is to tell of predictions. */
    providers: { tracerProvider, meterProvider },
    tracer: tracerProvider.getTracer('the caller'),
    spans,
    /** The spans that have ended, each with those it hangs under, in the order of their ends. */
    tree: () => spans().map(pathOf),
    span: (name: string): ReadableSpan => {
      const found = spans().find((span) => span.name === name);
      if (found === undefined)
        throw new Error(`there is no span ${name} among ${spans().map((s) => s.name)}`);
      return found;
    },
    metrics,
    /** The series of one metric. */
    series: async (name: string): Promise<Series[]> => {
      const metric = (await metrics()).find(({ descriptor }) => descriptor.name === name);
      if (metric === undefined) return [];
      return metric.dataPointType === DataPointType.HISTOGRAM
        ? metric.dataPoints.map(({ attributes, value: { count, sum } }) => ({
            attributes,
            value: { count, sum },
          }))
        : metric.dataPoints.map(({ attributes, value }) => ({ attributes, value: value as number }));
    },
  };
};
