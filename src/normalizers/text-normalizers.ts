import { lowercaseTrim } from './lowercase-trim.ts';

/** Whether the answers of a normalizer are texts, so that every wording is an answer of its own. */
export const isTextNormalizer = (normalizer: unknown): boolean => normalizer === lowercaseTrim;
