import { returned } from './foreign.ts';
import { isObject } from './is-object.ts';

/** The part of Standard Schema v1 that is used here. Schemas of zod, valibot and arktype have it. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    /** Return the schema as JSON Schema, if its library can convert it, as zod can since 4.2. */
    readonly jsonSchema?:
      | {
          readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
          readonly input?: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
        }
      | undefined;
  };
}

/** The result of a validation: the output, or the issues. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A fault of a value, and its path in the value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Returns a Standard Schema as JSON Schema: of the values that it accepts, or of those that it returns. `undefined` if its
 * library cannot convert it, as with a schema that transforms.
 */
export const toJsonSchema = (
  { jsonSchema }: StandardSchema['~standard'],
  side: 'input' | 'output',
): Record<string, unknown> | undefined => {
  try {
    const convert = (side === 'input' ? jsonSchema?.input : undefined) ?? jsonSchema?.output;
    return returned(convert?.call(jsonSchema, { target: 'draft-2020-12' }), (value) =>
      value === undefined || isObject(value) ? undefined : 'an object',
    );
  } catch {
    return undefined;
  }
};
