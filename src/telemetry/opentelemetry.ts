/**
 * Spans and metrics of predictions, by the conventions of OpenTelemetry for generative AI.
 *
 * @packageDocumentation
 */

export { type CircuitMetricsOptions, circuitMetrics } from './opentelemetry/circuit-metrics.ts';
export { type InstrumentOptions, instrument } from './opentelemetry/instrument.ts';
