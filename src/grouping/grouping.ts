/** Groupings: which answers are the same vote. */
export { byContent, type ContentOptions } from './by-content.ts';
export { byEmbedding, type EmbeddingOptions } from './by-embedding.ts';
export { byEquivalence, type EquivalenceOptions } from './by-equivalence.ts';
export { bySimilarity, type SimilarityOptions } from './by-similarity.ts';
export { byTolerance } from './by-tolerance.ts';
export type { Language } from './content/languages.ts';
export {
  defineEmbedder,
  type EmbedContext,
  type Embeddings,
  type EmbedFunction,
  type Vector,
} from './define-embedder.ts';
