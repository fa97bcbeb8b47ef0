import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../domain/errors.ts';
import { isA, readSafely } from '../../domain/foreign.ts';
import { plainName, shownPath } from '../../domain/quoting.ts';
import { describedFault } from '../cause-of.ts';
import { readText } from './text-file.ts';

/**
 * Imports a module that is named on the command line.
 *
 * @throws {ConfigError} if it cannot be loaded.
 */
export const importFile = async (path: string): Promise<{ readonly default?: unknown }> => {
  // An import would not say which file is missing.
  await readText(path);
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw notLoaded(path, error);
  }
};

/**
 * Calls the function that a module exports.
 *
 * @throws {ConfigError} if it throws.
 */
export const called = async (path: string, exported: () => unknown): Promise<unknown> => {
  try {
    return await exported();
  } catch (error) {
    throw notLoaded(path, error, 'its default export threw');
  }
};

/** The fault of a module that cannot be loaded. Its message may quote the module, so that keys are left out. */
const notLoaded = (path: string, error: unknown, what = 'the module cannot be loaded'): Error => {
  if (isA(error, ConfigError))
    return new ConfigError(error.faults.map((fault) => `${shownPath(path)}: ${fault}`));
  const [, missing] = /^Cannot find package '([^']+)'/.exec(String(readSafely(error, 'message'))) ?? [];
  const fix =
    missing === undefined ? '' : `; install it next to this file: npm install ${plainName(missing)}`;
  return new ConfigError([`${shownPath(path)}: ${what}: ${describedFault(error)}${fix}`]);
};
