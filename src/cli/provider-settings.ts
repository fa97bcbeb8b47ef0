import type { ModelSettings } from '../auto/model-spec.ts';
import { isObject } from '../domain/is-object.ts';

/** Whether a text is `key=value`; the key may have dots. */
export const isAssignment = (text: unknown): boolean =>
  typeof text === 'string' && /^[a-z]\w*(?:\.[a-z]\w*)*=/i.test(text);

/** Returns the keys that several of these texts assign. */
export const keysGivenTwice = (assignments: readonly string[]): readonly string[] => {
  const keys = assignments.map((assignment) => assignment.slice(0, assignment.indexOf('=')));
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) < index))];
};

/**
 * Returns the settings that `key=value` texts describe. A value is JSON, or else a text; a key with dots is one within an
 * object: `parameters.seed=7`.
 */
export const settingsOf = (assignments: readonly string[] | undefined): ModelSettings | undefined => {
  if (assignments === undefined) return undefined;
  const settings: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const path = assignment.slice(0, equals).split('.');
    const name = path.pop() as string;
    let place = settings;
    for (const part of path) {
      const inner = Object.hasOwn(place, part) && isObject(place[part]) ? place[part] : {};
      place[part] = inner;
      place = inner as Record<string, unknown>;
    }
    place[name] = parsed(assignment.slice(equals + 1));
  }
  return settings;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
