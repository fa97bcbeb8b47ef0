import { ConfigError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { shownPath } from '../../domain/quoting.ts';
import { shown } from '../../options.ts';
import { parseJson } from './json-text.ts';
import { readText } from './text-file.ts';

/**
 * Reads a file with an object: YAML if it is called so, else JSON, which may have comments, as in JSONC.
 *
 * @param others the other files that are taken, to continue from a message.
 * @throws {ConfigError} if it cannot be read, or its syntax is invalid: with the line and the column.
 */
export const readObject = async (path: string, others = ''): Promise<Readonly<Record<string, unknown>>> => {
  const text = (await readText(path)).replace(/^\ufeff/, '');
  const isYaml = /\.ya?ml$/i.test(path);
  if (!isYaml && !/\.jsonc?$/i.test(path) && !/^\s*(?:[{[/]|$)/.test(text))
    throw new ConfigError([
      `${shownPath(path)}: is not JSON; give a file with JSON, .json or .jsonc, or with YAML, .yaml or .yml${others}`,
    ]);
  // The parser of YAML is loaded for YAML only.
  const file = isYaml ? (await import('./yaml-text.ts')).parseYaml(path, text) : parseJson(path, text);
  if (file === null && isYaml) throw new ConfigError([`${shownPath(path)}: the file is empty`]);
  if (!isRecord(file))
    throw new ConfigError([`${shownPath(path)}: expected an object, but got ${shown(file)}`]);
  return file;
};
