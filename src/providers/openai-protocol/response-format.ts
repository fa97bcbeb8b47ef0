import { isObject } from '../../domain/is-object.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { asObject } from '../as-object.ts';

type Schema = NonNullable<ModelRequest['answerSchema']>;

/** The `response_format` of a chat completion that follows a JSON Schema. */
export interface ResponseFormat {
  readonly type: 'json_schema';
  readonly json_schema: { readonly name: string; readonly schema: Schema; readonly strict: boolean };
}

/** How a request describes a JSON answer: by its schema, or as any object. */
export type AnswerDescription = ResponseFormat | { readonly type: 'json_object' };

/**
 * Returns the `response_format` of a schema: strict if the schema has only what strict mode supports. Returns
 * `undefined` unless the schema describes an object, because the API accepts no others.
 */
export const responseFormat = (schema: Schema): ResponseFormat | undefined =>
  schema.type === 'object'
    ? { type: 'json_schema', json_schema: { name: 'answer', schema, strict: isStrict(schema) } }
    : undefined;

/** The keywords of strict schemas, by OpenAI's documentation. */
const STRICT_KEYWORDS: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$ref', '$defs', 'definitions', 'title', 'description'],
  ...['type', 'enum', 'const', 'anyOf', 'properties', 'required', 'additionalProperties', 'items'],
  ...['pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems'],
]);

/** Whether strict mode supports a schema: it has only these keywords, and its objects require all of their properties and allow no others. */
export const isStrict = (schema: unknown): boolean => {
  if (!isObject(schema) || Array.isArray(schema)) return false;
  const names = Object.keys(schema);
  if (!names.every((name) => STRICT_KEYWORDS.has(name))) return false;
  const { type, properties, $defs, definitions, anyOf, items } = asObject(schema);
  if ((type === 'object' || properties !== undefined) && !isClosed(schema)) return false;
  return [
    ...valuesOf(properties),
    ...valuesOf($defs),
    ...valuesOf(definitions),
    ...(Array.isArray(anyOf) ? anyOf : []),
    ...(names.includes('items') ? [items] : []),
  ].every(isStrict);
};

const isClosed = (schema: object): boolean => {
  const { properties, required, additionalProperties } = asObject(schema);
  const names = Object.keys(asObject(properties));
  return (
    additionalProperties === false &&
    names.every((name) => Array.isArray(required) && required.includes(name))
  );
};

const valuesOf = (value: unknown): unknown[] => Object.values(asObject(value));
