/**
 * Spans and metrics of predictions, by the conventions of OpenTelemetry for generative AI.
 *
 * @packageDocumentation
 */

export { type InstrumentOptions, instrument } from './opentelemetry/instrument.ts';
