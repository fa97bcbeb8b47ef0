import { readSafely } from './foreign.ts';

/** Returns the name of a function of a caller. One that is written in place has the name of its option, or none: `custom`. */
export const ownName = (of: object, option: string): string => {
  const name = readSafely(of, 'name');
  return typeof name !== 'string' || name === '' || name === option ? 'custom' : name;
};
