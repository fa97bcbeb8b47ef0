import { isObject } from '../domain/is-object.ts';
import { quotedName } from '../domain/quoting.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the faults of `parameters` that would change what the library itself sends.
 *
 * @param fixed the fields of the API that are set in another way, and how.
 */
export const parameterFaults = (
  owner: string,
  parameters: unknown,
  fixed: Readonly<Record<string, string>>,
): string[] =>
  Object.keys(isObject(parameters) ? parameters : {})
    .filter((name) => Object.hasOwn(fixed, name))
    .map((name) => `${owner}: option "parameters" must not have ${quotedName(name)}: ${fixed[name]}`);

/** Merges `parameters` into a body: objects field by field, and lists one after the other. */
export const withParameters = <Body extends object>(body: Body, parameters: Fields | undefined): Body =>
  parameters === undefined ? body : (merged(body, parameters) as Body);

const merged = (earlier: unknown, later: unknown): unknown => {
  if (Array.isArray(earlier) && Array.isArray(later)) return [...earlier, ...later];
  if (!isObject(earlier) || !isObject(later) || Array.isArray(earlier) || Array.isArray(later)) return later;
  const fields = { ...earlier } as Record<string, unknown>;
  for (const [name, value] of Object.entries(later))
    fields[name] = Object.hasOwn(fields, name) ? merged(fields[name], value) : value;
  return fields;
};
