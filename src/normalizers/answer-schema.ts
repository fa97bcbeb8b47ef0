/** The JSON Schemas of normalizers, which providers send as the output format. */
const jsonSchemas = new WeakMap<object, () => Readonly<Record<string, unknown>> | undefined>();

/** Gives a normalizer the JSON Schema of its answers. */
export const giveJsonSchema = (
  normalizer: object,
  schema: () => Readonly<Record<string, unknown>> | undefined,
): void => {
  jsonSchemas.set(normalizer, schema);
};

/** Returns the JSON Schema of a normalizer, if it has one. */
export const jsonSchemaOf = (normalizer: object): Readonly<Record<string, unknown>> | undefined =>
  jsonSchemas.get(normalizer)?.();

/** Whether a normalizer was made by `schema`, or hands on the schema of one. */
export const hasSchema = (normalizer: object): boolean => jsonSchemas.has(normalizer);

/** Gives a normalizer the JSON Schema of the one that it wraps. */
export function handOnJsonSchema<Outer extends object>(from: object, to: Outer): Outer {
  jsonSchemas.set(to, () => jsonSchemaOf(from));
  return to;
}
