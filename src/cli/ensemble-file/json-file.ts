import { readdirSync } from 'node:fs';
import { access, constants, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest } from '../../domain/closest.ts';
import { ConfigError } from '../../domain/errors.ts';
import { shownPath } from '../../domain/quoting.ts';
import { unreadable } from '../../node/unreadable.ts';
import { refuse, shown } from '../../options.ts';
import { isRecord } from './config-value.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { lineAndColumn } from './line-and-column.ts';

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

/**
 * Reads a JSON file with an object. It may have comments, as in JSONC.
 *
 * @param others the other files that are taken, to go on from a message.
 * @throws {ConfigError} if it cannot be read, is no JSON, or has a field twice: with the line and the column.
 */
export const readJsonObject = async (
  path: string,
  others = '',
): Promise<Readonly<Record<string, unknown>>> => {
  const text = (await readText(path)).replace(/^\ufeff/, '');
  if (!/\.jsonc?$/i.test(path) && !/^\s*(?:[{[/]|$)/.test(text))
    throw new ConfigError([
      `${shownPath(path)}: is not JSON; give a file with JSON, .json or .jsonc${others}`,
    ]);
  const json = withoutComments(text);
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch (error) {
    throw new ConfigError([`${shownPath(path)}${jsonFault(json, error)}`]);
  }
  refuse(duplicateFields(json).map((fault) => `${shownPath(path)}, ${fault}`));
  if (!isRecord(file))
    throw new ConfigError([`${shownPath(path)}: expected an object, but got ${shown(file)}`]);
  return file;
};

/** Replaces comments with blanks, so that places stay. */
const withoutComments = (text: string): string =>
  text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );

/** Says where a text stops being JSON and why that usually is, without its content, which may be a key. */
const jsonFault = (text: string, error: unknown): string => {
  if (text.trim() === '') return ': the file is empty';
  const { message } = error as Error;
  const [, named] = /at position (\d+)/.exec(message) ?? [];
  const position = named === undefined ? text.length : Number(named);
  return `, ${lineAndColumn(text, position)}: invalid JSON: ${usualCause(text, position)}`;
};

const usualCause = (text: string, position: number): string => {
  if (!/[{[]/.test(text)) return 'expected an object, { … }';
  const next = text.slice(position).trimStart()[0];
  const last = text.slice(0, position).trimEnd().at(-1);
  if (next === undefined) return 'the file ends early; close every { and [';
  if (last === ',' && (next === '}' || next === ']')) return `remove the comma before ${next}`;
  if (next === "'") return `write texts in double quotes, "…"`;
  if (next === '#') return 'write comments with //';
  if (next === '"' || next === '{' || next === '[') return 'a comma is probably missing before this place';
  return 'write names and texts in double quotes, and check the commas';
};
