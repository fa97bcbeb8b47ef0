import { ConfigError } from '../domain/errors.ts';

/**
 * Turns the error of reading a file into a `ConfigError`; any other error is returned unchanged.
 *
 * @param place the last place that was read. A truncated gzip file still yields what is before it.
 */
export const unreadable = (path: string, error: unknown, place = ''): unknown => {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new ConfigError([`${path}: there is no such file`]);
  if (code?.startsWith('Z_')) {
    return new ConfigError([
      `${path}${place && `, after ${place}`}: the gzip file is truncated or damaged (${code})`,
    ]);
  }
  return syscall === undefined ? error : new ConfigError([`${path}: cannot be read (${code})`]);
};
