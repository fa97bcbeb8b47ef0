import { ConfigError } from '../domain/errors.ts';
import { looksLikeKey, shownPath } from '../domain/quoting.ts';

/**
 * Turns the error of reading a file into a `ConfigError`; any other error is returned unchanged.
 *
 * @param place the last place that was read. A truncated gzip file still yields what is before it.
 */
export const unreadable = (path: string, error: unknown, place = ''): unknown => {
  const shown = shownPath(path);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new ConfigError([`${shown}: there is no such file`]);
  if (code?.startsWith('Z_')) {
    return new ConfigError([
      `${shown}${place && `, after ${place}`}: the gzip file is truncated or damaged (${code})`,
    ]);
  }
  if (code === 'EISDIR') return new ConfigError([`${shown}: is a folder; give a file`]);
  return syscall === undefined ? error : new ConfigError([`${shown}: cannot be read (${code})`]);
};

/** Returns the error of a file as a cause. Node names the path in it, which is left out if it looks like a key. */
export const causeAt = (path: string | URL, error: unknown): unknown => {
  if (!looksLikeKey(String(path))) return error;
  const { code } = error as NodeJS.ErrnoException;
  return Object.assign(new Error(code ?? 'the file system failed'), { code });
};
