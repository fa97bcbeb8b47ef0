import { closest } from '../domain/closest.ts';
import { isObject } from '../domain/is-object.ts';
import { plainName } from '../domain/quoting.ts';
import type { JsonObject } from './dialect.ts';
import { badRequest } from './request-refusal.ts';

/** What a field may be. Returns what is expected instead; `undefined` if the value is valid. */
export type FieldCheck = (value: unknown) => string | undefined;

const check =
  (expected: string, accepts: (value: unknown) => boolean): FieldCheck =>
  (value) =>
    accepts(value) ? undefined : expected;

export const aText = check('a string', (value) => typeof value === 'string');
export const aFlag = check('true or false', (value) => typeof value === 'boolean');
export const anObject = check('an object', (value) => isObject(value) && !Array.isArray(value));
export const emptyObject = check('{}', (value) => isObject(value) && Object.keys(value).length === 0);
export const emptyList = check('[]', (value) => Array.isArray(value) && value.length === 0);
export const aList = check('a list', Array.isArray);
export const aNumber = (least: number, most: number): FieldCheck =>
  check(
    `a number from ${least} to ${most}`,
    (value) => typeof value === 'number' && value >= least && value <= most,
  );
export const aWholeNumber = (least: number): FieldCheck =>
  check(
    `an integer of at least ${least}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= least,
  );
export const oneOfThese = (...values: readonly unknown[]): FieldCheck =>
  check(values.map((value) => JSON.stringify(value)).join(' or '), (value) => values.includes(value));
/** Any value: one that changes nothing of the answer, such as a user's id for the provider's abuse detection. */
export const anything: FieldCheck = () => undefined;

/** The fields of an object of a request, and what each may be. A field that is `null` counts as absent. */
export type FieldChecks = Readonly<Record<string, FieldCheck>>;

/**
 * Checks the fields of an object.
 *
 * @param path the place of the object in the body, such as `messages[0].`.
 * @throws {RequestRefusal} that names the first field that is invalid, or that is not supported.
 */
export const checkFields = (object: JsonObject, checks: FieldChecks, path = ''): void => {
  for (const [name, value] of Object.entries(object)) {
    if (value === null || value === undefined) continue;
    const param = `${path}${name}`;
    const expectation = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (expectation === undefined) throw unsupported(param, closest(name, Object.keys(checks)));
    const expected = expectation(value);
    if (expected !== undefined) throw badRequest(`${shownParam(param)}: expected ${expected}`, param);
  }
};

/** @throws {RequestRefusal} if a field that the request needs is absent. */
export const requireFields = (object: JsonObject, names: readonly string[], path = ''): void => {
  for (const name of names) {
    const param = `${path}${name}`;
    if (object[name] === undefined || object[name] === null)
      throw badRequest(`${shownParam(param)} is missing`, param, 'missing_required_parameter');
  }
};

/** A field that has a meaning which the server cannot give it. */
export const unsupported = (param: string, meant?: string): ReturnType<typeof badRequest> =>
  badRequest(
    `${shownParam(param)} is not supported${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    param,
    'unsupported_parameter',
  );

const shownParam = (param: string): string => plainName(param);
