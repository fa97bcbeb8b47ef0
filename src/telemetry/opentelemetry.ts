/** Spans and metrics of predictions, by the conventions of OpenTelemetry for generative AI. */
export {};
