import { readdirSync } from 'node:fs';
import { access, constants, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest } from '../../domain/closest.ts';
import { ConfigError } from '../../domain/errors.ts';
import { shownPath } from '../../domain/quoting.ts';
import { unreadable } from '../../node/unreadable.ts';

/**
 * Reads a text file.
 *
 * @throws {ConfigError} if it cannot be read; for a missing file, with the one that was probably meant.
 */
export const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error) => refuseFile(path, error));

/**
 * Looks whether a file can be opened.
 *
 * @throws {ConfigError} if it cannot; for a missing file, with the one that was probably meant.
 */
export const requireFile = (path: string): Promise<void> =>
  access(path, constants.R_OK).catch((error) => refuseFile(path, error));

const refuseFile = (path: string, error: NodeJS.ErrnoException): never => {
  if (error.code !== 'ENOENT') throw unreadable(path, error);
  throw new ConfigError([`${shownPath(path)}: there is no such file${meantFile(path)}`]);
};

/** Names the file of the same folder that was probably meant. */
const meantFile = (path: string): string => {
  try {
    const meant = closest(basename(path), readdirSync(dirname(path)));
    return meant === undefined ? '' : `; did you mean ${shownPath(join(dirname(path), meant))}?`;
  } catch {
    return '';
  }
};
