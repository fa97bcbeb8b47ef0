import type { Normalizer } from '../domain/normalizer.ts';
import { readerOf } from './normalizer-readers.ts';
import { SOUGHT_TEXT } from './text.ts';

/** Whether the answers of a normalizer are texts, so that every wording is an answer of its own: `text` in any form. */
export const isTextNormalizer = (normalizer: Normalizer): boolean =>
  readerOf(normalizer)?.sought === SOUGHT_TEXT;
