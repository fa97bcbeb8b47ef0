import type { Normalizer } from '../domain/normalizer.ts';
import { type Check, oneOf } from '../options.ts';
import type { Normalization } from './normalizers.ts';
import { namedNormalizers } from './normalizers.ts';

/** Returns the normalizer of a name or function. Default: `lowercaseTrim`. */
export const normalizerOf = (normalization: Normalization = 'lowercaseTrim'): Normalizer =>
  typeof normalization === 'function' ? normalization : namedNormalizers[normalization];

/** Accepts a {@link Normalization}. */
export const isNormalization: Check = oneOf(
  Object.keys(namedNormalizers),
  'or a function of the text',
  (value) => typeof value === 'function',
);
