import { unitOf } from './units.ts';
import { isNextTo, toWord, type Word } from './word.ts';

/** Gives the units after numbers one form: `5 km` and `5 kilometers` become `5 kilometre`. */
export const withUnits = (words: readonly Word[]): Word[] =>
  words.map((word, at) => {
    const unit = words[at - 1]?.kind === 'number' && isNextTo(word) ? unitOf(word) : undefined;
    return unit === undefined ? word : toWord({ form: unit.name, raw: word.raw, kind: 'word' }, word.gap);
  });
