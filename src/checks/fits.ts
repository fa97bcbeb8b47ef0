import type { Check } from '../domain/check.ts';
import { asPromise, returned } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { isPromise } from '../domain/is-promise.ts';
import type { SchemaResult, StandardSchema } from '../domain/standard-schema.ts';
import { isJsonSchema, misfit } from '../normalizers/schema.ts';
import { reading, refuse, shown, suchThat } from '../options.ts';

/**
 * Returns a check that an answer fits a Standard Schema, such as one of zod. Unlike the normalizer `schema`, it leaves the answer as
 * the normalization reads it, and the schema may be asynchronous, such as one that looks up a name. The reason is the first issue.
 *
 * @throws {ConfigError} if `schema` is not a Standard Schema v1.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { fits } from 'crucible-ensemble/checks';
 * import { z } from 'zod';
 *
 * const isOpen = async (port: number) => port !== 80;
 * const ensemble = createEnsemble({
 *   models: ['80', '8080', '99999'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: 'numeric',
 *   check: fits(z.number().max(65_535).refine(isOpen, 'the port is in use')),
 *   minResponses: 1,
 * });
 * (await ensemble.predict('Choose a port.')).answer; // => 8080
 * ```
 */
export const fits = (schema: StandardSchema): Check =>
  reading('fits', () => {
    const standard: StandardSchema['~standard'] | undefined = schema?.['~standard'];
    if (typeof standard?.validate !== 'function')
      refuse([
        `fits: expected a schema that implements Standard Schema v1, such as one of zod 4, but got ${shown(schema)}${isJsonSchema(schema) ? '; a JSON Schema is a normalization: jsonSchema(yours) of crucible-ensemble/json-schema' : ''}`,
      ]);
    return (answer) => {
      const result: unknown = standard.validate(answer);
      return isPromise(result) ? asPromise(() => result).then(verdictOf) : verdictOf(result);
    };
  });

const aResult = suchThat('{ value } or { issues }', isObject);

const verdictOf = (result: unknown): true | string => {
  const { issues } = returned(result as SchemaResult<unknown>, aResult);
  return issues === undefined || misfit(issues);
};
