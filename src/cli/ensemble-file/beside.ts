import { dirname, isAbsolute, join } from 'node:path';

/** Resolves a path in a file, which is relative to that file. */
export const beside = (path: string, other: string): string =>
  isAbsolute(other) ? other : join(dirname(path), other);
