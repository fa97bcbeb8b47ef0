import { nonEmpty, shown } from '../options.ts';

/** Returns the fault of a path that is not a string, or is empty. */
export const pathFaults = (owner: string, path: unknown): readonly string[] => {
  const expected = nonEmpty(path);
  return expected === undefined ? [] : [`${owner}: the path must be ${expected}, but got ${shown(path)}`];
};
