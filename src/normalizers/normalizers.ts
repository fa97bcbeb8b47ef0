import { boolean } from './boolean.ts';
import { json } from './json.ts';
import { lowercaseTrim } from './lowercase-trim.ts';
import { numeric } from './numeric.ts';

/** The normalizers that can be asked for by name. */
export const namedNormalizers = { lowercaseTrim, numeric, boolean, json } as const;

/** The name of a normalizer without options. */
export type NormalizerName = keyof typeof namedNormalizers;
