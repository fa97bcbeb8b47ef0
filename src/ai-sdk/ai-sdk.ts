/**
 * Ensembles as language models of the Vercel AI SDK, and its models as members. Requires `@ai-sdk/provider`.
 *
 * @packageDocumentation
 */

export { type AiSdkEmbeddingModel, aiSdkEmbedder } from './ai-sdk-embedder.ts';
export {
  type EnsembleMetadata,
  ensembleMetadata,
  type MemberProgress,
  type VoteProgress,
} from './ensemble/progress.ts';
export { type EnsembleModelOptions, ensembleModel } from './ensemble-model.ts';
export { type FromAiSdkOptions, fromAiSdk } from './from-ai-sdk.ts';
export type { AiSdkLanguageModel } from './member/ai-sdk-language-model.ts';
export { type EnsembleDataChunk, type EnsembleDataParts, votesAsData } from './votes-as-data.ts';
