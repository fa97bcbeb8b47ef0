import { isObject } from '../../domain/is-object.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { fieldOf } from '../field.ts';

type Schema = NonNullable<ModelRequest['answerSchema']>;

/** The `response_format` of a chat completion that follows a JSON Schema. */
export interface ResponseFormat {
  readonly type: 'json_schema';
  readonly json_schema: { readonly name: string; readonly schema: Schema; readonly strict: boolean };
}

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

/** Whether a schema has only these keywords, and its objects require all of their properties and allow no others. */
const isStrict = (schema: unknown): boolean => {
  if (!isObject(schema) || Array.isArray(schema)) return false;
  const names = Object.keys(schema);
  if (!names.every((name) => STRICT_KEYWORDS.has(name))) return false;
  const properties = fieldOf(schema, 'properties');
  const describesObject = fieldOf(schema, 'type') === 'object' || properties !== undefined;
  if (describesObject && !isClosed(schema, properties)) return false;
  const anyOf = fieldOf(schema, 'anyOf');
  return [
    ...valuesOf(properties),
    ...valuesOf(fieldOf(schema, '$defs')),
    ...valuesOf(fieldOf(schema, 'definitions')),
    ...(Array.isArray(anyOf) ? anyOf : []),
    ...(names.includes('items') ? [fieldOf(schema, 'items')] : []),
  ].every(isStrict);
};

const isClosed = (schema: object, properties: unknown): boolean => {
  const required = fieldOf(schema, 'required');
  const names = isObject(properties) ? Object.keys(properties) : [];
  return (
    fieldOf(schema, 'additionalProperties') === false &&
    names.every((name) => Array.isArray(required) && required.includes(name))
  );
};

const valuesOf = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : []);
