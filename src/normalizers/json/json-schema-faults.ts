import { dereference, type Schema, type SchemaDraft } from '@cfworker/json-schema';
import { isA, nameOf } from '../../domain/foreign.ts';
import { isObject } from '../../domain/is-object.ts';
import { shown } from '../../options.ts';

/** The drafts by the URI of `$schema`, without its scheme and its fragment. */
const drafts: ReadonlyMap<string, SchemaDraft> = new Map([
  ['json-schema.org/draft-04/schema', '4'],
  ['json-schema.org/draft-07/schema', '7'],
  ['json-schema.org/draft/2019-09/schema', '2019-09'],
  ['json-schema.org/draft/2020-12/schema', '2020-12'],
]);

/** Returns the draft of a schema, which is 2020-12 unless it names another one; `undefined` if it is not supported. */
export const draftOf = ({
  $schema = 'https://json-schema.org/draft/2020-12/schema',
}: Schema): SchemaDraft | undefined => drafts.get(String($schema).replace(/^https?:\/\/|#$/g, ''));

/** Returns what is wrong with a schema, so that it is said before anything is asked. */
export const schemaFaults = (schema: Schema): readonly string[] => {
  if (draftOf(schema) === undefined) return ['"$schema" must name draft-04, draft-07, 2019-09 or 2020-12'];
  let known: Record<string, Schema | boolean>;
  try {
    known = dereference(schema);
  } catch (error) {
    return [isA(error, Error) ? error.message : nameOf(error)];
  }
  return Object.entries(known).flatMap(([uri, part]) =>
    isObject(part) ? partFaults(part, known).map((fault) => `${placeOf(uri)} ${fault}`) : [],
  );
};

const placeOf = (uri: string): string => {
  const pointer = uri.indexOf('#');
  return pointer < 0 ? '#' : uri.slice(pointer);
};

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isSchema = (value: unknown): boolean =>
  typeof value === 'boolean' || (isObject(value) && !Array.isArray(value));
const isListOf =
  (accepts: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(accepts);
const isMap = (value: unknown): boolean =>
  isObject(value) && !Array.isArray(value) && Object.values(value).every(isSchema);
const isType = (value: unknown): boolean => types.includes(value as string);
const isPattern = (value: unknown): boolean => {
  try {
    return isText(value) && new RegExp(value as string, 'u') !== undefined;
  } catch {
    return false;
  }
};

type Rule = readonly [keywords: string, accepts: (value: unknown) => boolean, expected: string];

const rules: readonly Rule[] = [
  ['type', (value) => isType(value) || isListOf(isType)(value), `${types.join(', ')}, or a list of them`],
  ['pattern', isPattern, 'a regular expression'],
  [
    'patternProperties',
    (value) => isMap(value) && Object.keys(value as object).every(isPattern),
    'schemas by regular expressions',
  ],
  ['required', isListOf(isText), 'a list of names'],
  ['enum', Array.isArray, 'a list'],
  ['properties $defs definitions dependentSchemas', isMap, 'schemas by name'],
  ['allOf anyOf oneOf prefixItems', isListOf(isSchema), 'a list of schemas'],
  ['items', (value) => isSchema(value) || isListOf(isSchema)(value), 'a schema'],
  [
    'additionalProperties unevaluatedProperties propertyNames contains not if then else',
    isSchema,
    'a schema',
  ],
  [
    'minimum maximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties',
    isNumber,
    'a number',
  ],
  ['$ref', isText, 'a reference'],
];

const checks = rules.flatMap(([keywords, accepts, expected]) =>
  keywords.split(' ').map((keyword) => ({ keyword, accepts, expected })),
);

/** The faults of one schema among those within a schema. */
const partFaults = (part: Schema, known: Readonly<Record<string, unknown>>): readonly string[] => {
  const faults = checks.flatMap(({ keyword, accepts, expected }) => {
    const value: unknown = Object.hasOwn(part, keyword) ? Reflect.get(part, keyword) : undefined;
    return value === undefined || accepts(value)
      ? []
      : [`has ${shown(value)} as "${keyword}": expected ${expected}`];
  });
  if (Object.hasOwn(part, '$dynamicRef'))
    faults.push('has "$dynamicRef", which is not supported: use "$ref"');
  const target: unknown = Reflect.get(part, '__absolute_ref__');
  if (isText(target) && !Object.hasOwn(known, target as string))
    faults.push('has a "$ref" to what is not in the schema: put it under "$defs"');
  return faults;
};
