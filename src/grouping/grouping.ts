/** Groupings: which answers are the same vote. */
export { byContent } from './by-content.ts';
export { byEmbedding, type EmbeddingOptions } from './by-embedding.ts';
export { byEquivalence, type EquivalenceOptions } from './by-equivalence.ts';
export { bySimilarity, type SimilarityOptions } from './by-similarity.ts';
export { byTolerance } from './by-tolerance.ts';
export {
  defineEmbedder,
  type EmbedContext,
  type Embeddings,
  type EmbedFunction,
  type Vector,
} from './define-embedder.ts';
