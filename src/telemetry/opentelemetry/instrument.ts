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
  /** Receives the spans. Default: the globally registered provider at the time of each prediction. */
  readonly tracerProvider?: TracerProvider;
  /** Receives the measurements. Default: the globally registered provider at the time of each prediction. */
  readonly meterProvider?: MeterProvider;
  /**
   * Whether spans have the prompts and answers. Default: `false`, unless the environment variable
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is `true`.
   */
  readonly captureContent?: boolean;
}

/**
 * Reports the predictions of an ensemble to OpenTelemetry, from the next one on. Returns a function that undoes it.
 *
 * ```text
 * the caller's span
 * └─ invoke_workflow panel        a prediction
 *    ├─ chat small                its calls: attempts and hedges are siblings
 *    ├─ chat medium
 *    │  └─ POST                   anything within a call, such as an instrumented fetch
 *    └─ chat large                error.type = cancelled
 * ```
 *
 * Requires `@opentelemetry/api`, and an SDK that exports; without an SDK it does nothing. Names follow the conventions
 * for generative AI, version 1.41. If the environment variable `OTEL_SEMCONV_STABILITY_OPT_IN` has
 * `gen_ai_latest_experimental`, they follow version 0.1 of the conventions' new repository. docs/opentelemetry.md lists
 * them. Only spans of calls have costs and tokens, so that they can be summed. Errors of a tracer or a meter are
 * reported to OpenTelemetry's `diag` and do not reach predictions. Costs no calls.
 *
 * @throws {ConfigError} for anything but an ensemble, and for invalid options.
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
    environmentKey(['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'])?.toLowerCase() === 'true';
  const conventions = conventionsFor(environmentKey(['OTEL_SEMCONV_STABILITY_OPT_IN']));
  const tracer = tracerOf(tracerProvider);
  const instruments = meteredWith(meterProvider, (meter) => createInstruments(meter, conventions));
  const safely = createSafely();
  return telemetryOf('instrument', ensemble).listen(() => {
    const sinks = { tracer: safely(tracer), instruments: safely(instruments) };
    return sinks.tracer === undefined && sinks.instruments === undefined
      ? undefined
      : safely(() => followPrediction({ ...sinks, conventions, capturesContent, safely }));
  });
};
