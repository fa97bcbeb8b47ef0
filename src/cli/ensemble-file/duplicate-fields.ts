import { plainName } from '../../domain/quoting.ts';
import { lineAndColumn } from './line-and-column.ts';

/**
 * Returns a fault for each field that an object of a JSON text has twice. `JSON.parse` keeps the last one, and drops the
 * others silently.
 *
 * @param text valid JSON without comments.
 */
export const duplicateFields = (text: string): readonly string[] => {
  const faults: string[] = [];
  /** The fields of each object that is open, with their positions. Arrays have none. */
  const open: Map<string, number>[] = [];
  for (const { 0: token, 1: field, index } of text.matchAll(
    /("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g,
  )) {
    if (token === '{') open.push(new Map());
    else if (token === '}') open.pop();
    else if (field !== undefined) {
      const name: string = JSON.parse(field);
      const fields = open.at(-1);
      const first = fields?.get(name);
      if (first === undefined) fields?.set(name, index);
      else
        faults.push(
          `${lineAndColumn(text, index)}: the field ${plainName(name)} is repeated here, after ${lineAndColumn(text, first)}; remove one of them`,
        );
    }
  }
  return faults;
};
