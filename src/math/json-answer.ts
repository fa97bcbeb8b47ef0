import { isObject } from '../domain/is-object.ts';

/** Returns an answer in JSON as mathematics: a list of texts as a set, of numbers as a tuple, an object as what names are. */
export function withoutJson(text: string): string {
  // Lists of numbers are mathematics as they are, and keep their digits.
  if (!/^\s*[[{].*"/s.test(text)) return text;
  try {
    return written(JSON.parse(text)) ?? text;
  } catch {
    return text;
  }
}

const written = (value: unknown): string | undefined => {
  if (Array.isArray(value)) {
    const items = value.map((item) => (Array.isArray(item) ? written(item) : scalar(item)));
    if (items.includes(undefined)) return undefined;
    return value.length > 0 && value.every((item) => typeof item === 'string')
      ? `\\{${items.join(', ')}\\}`
      : `[${items.join(', ')}]`;
  }
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).map(([name, item]) => [name, scalar(item)]);
  return entries.some(([, item]) => item === undefined)
    ? undefined
    : entries.map(([name, item]) => `${name} = ${item}`).join(', ');
};

const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
