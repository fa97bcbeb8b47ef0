/**
 * A normalization by a JSON Schema that is written as JSON. An entry of its own, because it loads a validator.
 *
 * @packageDocumentation
 */

import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import { isA, nameOf, readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import type { Abstention } from '../domain/normalizer.ts';
import { reading, refuse, shown } from '../options.ts';
import { draftOf, schemaFaults } from './json/json-schema-faults.ts';
import type { JsonValue } from './json/json-value.ts';
import { type SchemaResult, validating } from './schema.ts';

export type { Abstention } from '../domain/normalizer.ts';
export type { JsonValue } from './json/json-value.ts';

/**
 * Returns a normalizer that yields the JSON value of a text that fits a JSON Schema, found as `schema` finds it. The schema
 * goes to providers unchanged. Drafts 4, 7, 2019-09 and 2020-12, which is the default; formats are checked.
 *
 * Abstains with the path and the message of the first fault. Runs no generated code, so that it works where `eval` is
 * forbidden. Nothing is fetched: each `$ref` must be in the schema.
 *
 * @throws {ConfigError} that lists the faults of the schema: not an object of JSON, an unknown draft, an unknown type, a
 * `$ref` that is not in it, a pattern that is not a regular expression, an endless recursion.
 *
 * @example
 * ```ts
 * import { jsonSchema } from 'crucible-ensemble/json-schema';
 *
 * const city = jsonSchema<{ city: string }>({
 *   type: 'object',
 *   properties: { city: { type: 'string' } },
 *   required: ['city'],
 * });
 * city('It is {"city": "Paris"}.'); // => { city: 'Paris' }
 * ```
 */
export const jsonSchema = <Answer extends JsonValue = JsonValue>(
  given: Readonly<Record<string, unknown>>,
): ((text: string) => Answer | Abstention) =>
  reading('jsonSchema', () => {
    const validator = validatorOf(given);
    const validate = (value: unknown): SchemaResult<Answer> => {
      const { valid, errors } = validator.validate(value);
      return valid ? { value: value as Answer } : { issues: [issueOf(errors)] };
    };
    const jsonSchema = { output: () => given as Record<string, unknown> };
    return validating<Answer>({ version: 1, vendor: 'crucible-ensemble', validate, jsonSchema }, () => false);
  });

/** @throws {ConfigError} that lists the faults of the schema. */
const validatorOf = (given: unknown): Validator => {
  if (isOfLibrary(given))
    refuse([
      'jsonSchema: expected a JSON Schema, but got a schema of a library, such as zod: use `schema` for it',
    ]);
  // The validator marks the parts of a schema, so it gets a copy.
  const copy = copyOf(given);
  refuse(
    copy === undefined
      ? [`jsonSchema: expected a JSON Schema as a plain object, but got ${shown(given)}`]
      : [],
  );
  refuse(schemaFaults(copy as Schema).map((fault) => `jsonSchema: ${fault}`));
  const validator = new Validator(copy as Schema, draftOf(copy as Schema));
  const fault = endlessness(validator);
  refuse(fault === undefined ? [] : [`jsonSchema: ${fault}`]);
  return validator;
};

/** Whether a value is a schema of a library. The JSON Schema that zod makes of one has a hidden `~standard`, too. */
const isOfLibrary = (given: unknown): boolean =>
  readSafely(given, '~standard') !== undefined &&
  !(isObject(given) && isPlain(given) && !Object.keys(given).includes('~standard'));

const copyOf = (given: unknown): Schema | undefined => {
  if (!isObject(given) || !isPlain(given)) return undefined;
  try {
    return JSON.parse(JSON.stringify(given)) as Schema;
  } catch {
    return undefined;
  }
};

const isPlain = (value: object): boolean =>
  !Array.isArray(value) && [null, Object.prototype].includes(Object.getPrototypeOf(value));

/** Tries a value of each type, because a schema that only refers to itself has no end. */
const endlessness = (validator: Validator): string | undefined => {
  try {
    for (const value of [null, true, 0, '', [], [0], {}]) validator.validate(value);
    return undefined;
  } catch (error) {
    if (isA(error, RangeError)) return 'the schema refers to itself endlessly';
    return isA(error, Error) ? error.message : nameOf(error);
  }
};

/** Keywords whose errors only lead to the error of a part. */
const containers = new Set(
  '$ref $recursiveRef allOf properties patternProperties additionalProperties unevaluatedProperties items prefixItems additionalItems unevaluatedItems then else dependentSchemas'.split(
    ' ',
  ),
);

/** The first error that is not about a part, with its path. */
const issueOf = (
  errors: readonly OutputUnit[],
): { readonly message: string; readonly path: readonly string[] } => {
  const index = errors.findIndex(({ keyword }) => !containers.has(keyword));
  const { keyword, error = 'invalid', instanceLocation = '#' } = errors[index] ?? errors[0] ?? {};
  const path = instanceLocation
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  // A schema of `false` allows no value; its message says nothing.
  return { message: keyword === 'false' ? 'This value is not allowed.' : error, path };
};
