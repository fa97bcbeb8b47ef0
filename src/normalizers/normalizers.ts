import type { AnswerOf, Normalizer } from '../domain/normalizer.ts';
import { boolean } from './boolean.ts';
import { json } from './json.ts';
import { lowercaseTrim } from './lowercase-trim.ts';
import { numeric } from './numeric.ts';

/** The normalizers that can be asked for by name. */
export const namedNormalizers = { lowercaseTrim, numeric, boolean, json } as const;

/** The name of a normalizer without options. */
export type NormalizerName = keyof typeof namedNormalizers;

/** A normalizer, or the name of one. */
export type Normalization = NormalizerName | Normalizer;

/** The type of the answers that a normalization yields. */
export type AnswerFor<N extends Normalization> = N extends NormalizerName
  ? AnswerOf<(typeof namedNormalizers)[N]>
  : AnswerOf<N>;
