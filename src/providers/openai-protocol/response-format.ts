import type { ModelRequest } from '../../domain/request.ts';
import { fieldOf } from './field.ts';

type Schema = NonNullable<ModelRequest['answerSchema']>;

/** The `response_format` that makes a chat completion fit a JSON Schema. */
export interface ResponseFormat {
  readonly type: 'json_schema';
  readonly json_schema: { readonly name: string; readonly schema: Schema; readonly strict: boolean };
}

/**
 * The `response_format` for a schema: strict where the schema keeps within what is taken so, else as a guide.
 * `undefined` for a schema that does not describe an object, since no other is taken at all.
 */
export const responseFormat = (schema: Schema): ResponseFormat | undefined =>
  schema.type === 'object'
    ? { type: 'json_schema', json_schema: { name: 'answer', schema, strict: isStrict(schema) } }
    : undefined;

/** The keywords of which OpenAI documents that strict schemas may have them. */
const STRICT_KEYWORDS: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$ref', '$defs', 'definitions', 'title', 'description'],
  ...['type', 'enum', 'const', 'anyOf', 'properties', 'required', 'additionalProperties', 'items'],
  ...['pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems'],
]);

/** Only allowed keywords, and objects that require each of their properties and take no others. */
const isStrict = (schema: unknown): boolean => {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false;
  const names = Object.keys(schema);
  if (!names.every((name) => STRICT_KEYWORDS.has(name))) return false;
  const properties = fieldOf(schema, 'properties');
  const isObject = fieldOf(schema, 'type') === 'object' || properties !== undefined;
  if (isObject && !isClosed(schema, properties)) return false;
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
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return (
    fieldOf(schema, 'additionalProperties') === false &&
    names.every((name) => Array.isArray(required) && required.includes(name))
  );
};

const valuesOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];
