/** Groupings: which answers are the same vote. */
export { byContent } from './by-content.ts';
export { bySimilarity, type SimilarityOptions } from './by-similarity.ts';
export { byTolerance } from './by-tolerance.ts';
