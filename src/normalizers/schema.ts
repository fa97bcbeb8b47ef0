import { ConfigError } from '../domain/errors.ts';
import { type Abstention, abstain, abstentionReason } from '../domain/normalizer.ts';
import { tooLong } from './answer-length.ts';
import { fold } from './fold.ts';
import { json } from './json.ts';

/** The part of the Standard Schema v1 interface that is needed here; zod, valibot and arktype schemas have it. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    /** The schema as JSON Schema, where its library can tell; zod 4 can. */
    readonly jsonSchema?:
      | { readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> }
      | undefined;
  };
}

/** What a validation says: the output, or the issues. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One fault of a value, and where in the value it is. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * A normalizer that yields what `standardSchema` makes of the JSON value in a text (found as `json` finds it),
 * or of the trimmed text itself where that is what fits, as with an enumeration of words. Abstains, with the
 * first issue as the reason, when neither is valid, and when the schema validates asynchronously.
 *
 * @throws {ConfigError} when `standardSchema` is no Standard Schema v1.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * schema(z.object({ city: z.string() }))('{"city": "Paris", "sure": true}'); // { city: 'Paris' }
 * ```
 */
export function schema<Output>(
  standardSchema: StandardSchema<Output>,
): (text: string) => Output | Abstention {
  const standard: StandardSchema<Output>['~standard'] | undefined = standardSchema?.['~standard'];
  if (typeof standard?.validate !== 'function') {
    throw new ConfigError([
      `schema: expected a schema that implements Standard Schema v1, such as one of zod 4, but got ${typeof standardSchema}`,
    ]);
  }

  const read = (text: string): Output | Abstention => {
    const unread = tooLong(text);
    if (unread !== undefined) return unread;
    const value = json(text);
    const why = abstentionReason(value);
    const fromJson = why === undefined ? outcome(standard.validate(value)) : undefined;
    if (fromJson !== undefined && abstentionReason(fromJson) === undefined) return fromJson;
    const fromText = outcome(standard.validate(fold(text).trim()));
    if (abstentionReason(fromText) === undefined || fromText === asynchronous) return fromText;
    return fromJson ?? abstain(why ?? 'no JSON value was found');
  };
  jsonSchemas.set(read, () => toJsonSchema(standard));
  return read;
}

const toJsonSchema = <Output>({
  jsonSchema,
}: StandardSchema<Output>['~standard']): Record<string, unknown> | undefined => {
  try {
    return jsonSchema?.output({ target: 'draft-2020-12' });
  } catch {
    // Not every schema can be told, such as one that transforms; answers are validated all the same.
    return undefined;
  }
};

/** What providers are asked to write, for the normalizers that were made of a schema. */
const jsonSchemas = new WeakMap<object, () => Record<string, unknown> | undefined>();

/** The JSON Schema behind a normalizer; `undefined` where there is none, or none that can be told. */
export const jsonSchemaOf = (normalizer: object): Readonly<Record<string, unknown>> | undefined =>
  jsonSchemas.get(normalizer)?.();

const asynchronous = abstain('the schema validates asynchronously, which a vote cannot wait for');

function outcome<Output>(result: SchemaResult<Output> | Promise<SchemaResult<Output>>): Output | Abstention {
  if ('then' in result) {
    // Nobody waits for it, so its failure must not surface as an unhandled rejection.
    result.then(undefined, () => {});
    return asynchronous;
  }
  if (result.issues === undefined) return result.value;
  const issue = result.issues[0];
  const path = issue?.path?.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  return abstain(
    `the answer does not fit the schema: ${path ? `${path}: ` : ''}${issue?.message ?? 'invalid'}`,
  );
}
