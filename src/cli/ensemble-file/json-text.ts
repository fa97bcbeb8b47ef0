import { ConfigError } from '../../domain/errors.ts';
import { shownPath } from '../../domain/quoting.ts';
import { refuse } from '../../options.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { lineAndColumn } from './line-and-column.ts';

/**
 * Parses JSON. It may have comments, as in JSONC.
 *
 * @throws {ConfigError} with the line and the column, if it is no JSON, or has a field twice.
 */
export const parseJson = (path: string, text: string): unknown => {
  const json = withoutComments(text);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ConfigError([`${shownPath(path)}${jsonFault(json, error)}`]);
  }
  refuse(duplicateFields(json).map((fault) => `${shownPath(path)}, ${fault}`));
  return value;
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
