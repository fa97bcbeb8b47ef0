/**
 * Ensembles behind the experimental interfaces of the Vercel AI SDK, which may change in any of its versions. Requires
 * `@ai-sdk/provider` 4.0.38 or later.
 *
 * @packageDocumentation
 */

export { type EnsembleDecisionModelOptions, ensembleDecisionModel } from './ensemble-decision-model.ts';
