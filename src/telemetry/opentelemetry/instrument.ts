import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { faultsOf, ofType, refuse } from '../../options.ts';
import { environmentKey } from '../../providers/environment.ts';
import { type EnsembleEvents, telemetryOf } from '../telemetry.ts';
import { conventionsFor } from './conventions.ts';
import { followPrediction } from './follow-prediction.ts';
import { createInstruments } from './instruments.ts';
import { isMeterProvider, isTracerProvider, meteredWith, tracerOf } from './providers.ts';
import { createSafely } from './safely.ts';

/** Options of {@link instrument}. */
export interface InstrumentOptions {
  /** Who takes the spans. Default: the one that is registered globally, at the moment of each prediction. */
  readonly tracerProvider?: TracerProvider;
  /** Who takes the measurements. Default: the one that is registered globally, at the moment of each prediction. */
  readonly meterProvider?: MeterProvider;
  /**
   * Whether spans say what was asked and answered. Default: whether the environment's
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is `true`, else `false`.
   */
  readonly captureContent?: boolean;
}

/**
 * Tells OpenTelemetry of the predictions of an ensemble, from the next one on; returns how to undo it.
 *
 * ```text
 * the caller's span
 * └─ invoke_workflow panel        a prediction
 *    ├─ chat small                its calls: attempts and hedges are siblings
 *    ├─ chat medium
 *    │  └─ POST                   what runs within a call, such as an instrumented fetch
 *    └─ chat large                error.type = cancelled
 * ```
 *
 * Needs `@opentelemetry/api`, and an SDK to go anywhere: without one nothing is done. Names are those of the
 * conventions for generative AI, version 1.41, and, where the environment's `OTEL_SEMCONV_STABILITY_OPT_IN` has
 * `gen_ai_latest_experimental`, those of version 0.1 of their own repository; all are listed in
 * docs/opentelemetry.md. Costs and tokens are on the spans of calls alone, so that they can be summed. What a
 * tracer or a meter throws is reported to OpenTelemetry's `diag`, and harms no prediction. Costs no calls.
 *
 * @throws {ConfigError} for what is no ensemble, and options that are none.
 *
 * @example
 * ```ts
 * import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { instrument } from 'crucible-ensemble/opentelemetry';
 *
 * const exporter = new InMemorySpanExporter();
 * const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
 * const ensemble = createEnsemble({ name: 'panel', models: [simulated({ id: 'small', accuracy: 1 })] });
 *
 * const undo = instrument(ensemble, { tracerProvider });
 * await ensemble.predict('What is 6 * 7?');
 * undo();
 * await tracerProvider.forceFlush();
 * exporter.getFinishedSpans().map(({ name }) => name); // => ['chat small', 'invoke_workflow panel']
 * ```
 */
export const instrument = (ensemble: EnsembleEvents, options: InstrumentOptions = {}): (() => void) => {
  refuse(
    faultsOf('instrument', options, {
      tracerProvider: isTracerProvider,
      meterProvider: isMeterProvider,
      captureContent: ofType('boolean'),
    }),
  );
  const { tracerProvider, meterProvider, captureContent } = options;
  const capturesContent =
    captureContent ??
    environmentKey('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT')?.toLowerCase() === 'true';
  const conventions = conventionsFor(environmentKey('OTEL_SEMCONV_STABILITY_OPT_IN'));
  const tracer = tracerOf(tracerProvider);
  const instruments = meteredWith(meterProvider, (meter) => createInstruments(meter, conventions));
  const safely = createSafely();
  return telemetryOf('instrument', ensemble).listen(() => {
    const takers = { tracer: safely(tracer), instruments: safely(instruments) };
    return takers.tracer === undefined && takers.instruments === undefined
      ? undefined
      : safely(() => followPrediction({ ...takers, conventions, capturesContent, safely }));
  });
};
