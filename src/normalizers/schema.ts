import { answerKey } from '../domain/answer-key.ts';
import { readSafely, returned, strayOf } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { type Abstention, abstain, abstentionReason } from '../domain/normalizer.ts';
import {
  type SchemaIssue,
  type SchemaResult,
  type StandardSchema,
  toJsonSchema,
} from '../domain/standard-schema.ts';
import { reading, refuse, shown, suchThat } from '../options.ts';
import { giveJsonSchema } from './answer-schema.ts';
import { jsonIn, noJson } from './json/find-json.ts';
import { jsonNormalizer } from './json/json-normalizer.ts';
import { EXAMPLE } from './json/json-preference.ts';
import type { JsonValue } from './json/json-value.ts';

export type { SchemaIssue, SchemaResult, StandardSchema } from '../domain/standard-schema.ts';

/** Whether a value is probably a JSON Schema. */
export const isJsonSchema = (value: unknown): boolean =>
  ['type', 'properties', '$schema', 'anyOf'].some((name) => readSafely(value, name) !== undefined);

/**
 * Returns a normalizer that yields the output of `standardSchema` for a JSON value of a text: among the valid values, the
 * one that `json` prefers, or the value of its `answer`. Reads the trimmed text itself if it has no JSON, as with an
 * enumeration of words. Abstains, with the first issue as the reason, if nothing is valid, and if the schema validates
 * asynchronously.
 *
 * @throws {ConfigError} if `standardSchema` is not a Standard Schema v1.
 *
 * @example
 * ```ts
 * import { schema } from 'crucible-ensemble';
 * import { z } from 'zod';
 * schema(z.object({ city: z.string() }))('{"city": "Paris", "sure": true}'); // { city: 'Paris' }
 * ```
 */
export function schema<Output>(
  standardSchema: StandardSchema<Output>,
): (text: string) => Output | Abstention {
  return reading('schema', () => {
    const standard: StandardSchema<Output>['~standard'] | undefined = standardSchema?.['~standard'];
    if (typeof standard?.validate !== 'function') {
      refuse([
        `schema: expected a schema that implements Standard Schema v1, such as one of zod 4, but got ${shown(standardSchema)}${isJsonSchema(standardSchema) ? '; for a JSON Schema use jsonSchema(yours) of crucible-ensemble/json-schema' : ''}`,
      ]);
    }

    return validating(standard, (text) => !hasStructure(text));
  });
}

/**
 * Returns a normalizer that validates the JSON value of a text, or the text itself if it has none, or if that does not fit
 * and `isText` says that the text may be the answer.
 */
export const validating = <Output>(
  standard: StandardSchema<Output>['~standard'],
  isText: (text: string) => boolean,
): ((text: string) => Output | Abstention) => {
  const validated = (value: unknown): Output | Abstention => outcome(standard.validate(value));
  const read = jsonNormalizer((readable, least): Output | Abstention => {
    const fromJson = jsonIn(readable, (value) => fitting(value, validated), least);
    const isMisfit = fromJson !== noJson && !isText(readable);
    if (abstentionReason(fromJson) === undefined || isMisfit || least > EXAMPLE) return fromJson;
    const fromText = validated(readable.trim());
    return abstentionReason(fromText) === undefined || fromText === asynchronous ? fromText : fromJson;
  });
  giveJsonSchema(read, () => toJsonSchema(standard, 'output'));
  return read;
};

/** Whether a text has an object or an array: then it is not the text that is the answer. */
const hasStructure = (text: string): boolean => /[[{]/.test(text);

/** Validates a value, or else the answer in it: models wrap what they are asked for as `{"answer": …}`. */
const fitting = <Output>(
  value: JsonValue,
  validated: (value: unknown) => Output | Abstention,
): Output | Abstention => {
  const answer = validated(value);
  if (abstentionReason(answer) === undefined || !isObject(value)) return answer;
  const [wrapped, ...others] = ['answer', 'final_answer']
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => validated(Reflect.get(value, name)))
    .filter((member) => abstentionReason(member) === undefined);
  if (wrapped === undefined) return answer;
  return others.every((other) => answerKey(other) === answerKey(wrapped))
    ? wrapped
    : abstain('"answer" and "final_answer" differ');
};

const aResult = suchThat('{ value } or { issues }', isObject);

const asynchronous = abstain('the schema validates asynchronously: use one without async checks');

function outcome<Output>(
  validated: SchemaResult<Output> | Promise<SchemaResult<Output>>,
): Output | Abstention {
  if (strayOf(validated) === 'a promise') return asynchronous;
  const result = returned(validated as SchemaResult<Output>, aResult);
  return result.issues === undefined ? result.value : abstain(misfit(result.issues));
}

/** Says that an answer does not fit, by the first issue. */
export const misfit = ([issue]: readonly SchemaIssue[]): string => {
  const path = issue?.path?.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
  return `the answer does not fit the schema: ${path ? `${path}: ` : ''}${issue?.message ?? 'invalid'}`;
};
