import { of } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { type AnswerOf, abstentionReason } from '../../src/domain/normalizer.ts';
import { ConfigError, createEnsemble, type Model, type ModelRequest } from '../../src/index.ts';
import { jsonSchemaOf } from '../../src/normalizers/answer-schema.ts';
import { jsonSchema } from '../../src/normalizers/json-schema.ts';

const city = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 1 },
    founded: { type: 'object', properties: { 'a/b': { type: 'array', items: { minimum: 3 } } } },
  },
  required: ['city'],
  additionalProperties: false,
} as const;

const read = jsonSchema<{ city: string }>(city);

describe('jsonSchema', () => {
  it('takes the JSON Schema that zod makes of a schema, though it hides a Standard Schema in it', () => {
    expect(jsonSchema(z.toJSONSchema(z.object({ city: z.string() })))('{"city": "Rome"}')).toEqual({
      city: 'Rome',
    });
  });

  it('reads a value that fits, as schema does', () => {
    expect(read('It is {"city": "Paris"}. Not {"town": 1}.')).toStrictEqual({ city: 'Paris' });
    expect(read("```json\n{'city': 'Paris',}\n```")).toStrictEqual({ city: 'Paris' });
    expect(jsonSchema({ enum: ['yes', 'no'] })(' yes\n')).toBe('yes');
    expectTypeOf<AnswerOf<typeof read>>().toEqualTypeOf<{ city: string }>();
  });

  it.each([
    ['{"city": 1}', 'city: Instance type "number" is invalid. Expected "string".'],
    ['{}', 'Instance does not have required property "city".'],
    ['{"city": ""}', 'city: String is too short (0 < 1).'],
    ['{"city": "Paris", "founded": {"a/b": [5, 1]}}', 'founded.a/b.1: 1 is less than 3.'],
    ['{"city": "Paris", "big city": 1}', 'big city: This value is not allowed.'],
  ])('abstains from %s with the path and the first fault', (text, fault) => {
    expect(abstentionReason(read(text))).toBe(`the answer does not fit the schema: ${fault}`);
  });

  it.each([
    ['http://json-schema.org/draft-04/schema#', { minimum: 3, exclusiveMinimum: true }],
    ['http://json-schema.org/draft-07/schema#', { items: [{ const: 4 }] }],
    ['https://json-schema.org/draft/2019-09/schema', { items: [{ const: 4 }] }],
    ['https://json-schema.org/draft/2020-12/schema', { prefixItems: [{ const: 4 }] }],
    [undefined, { prefixItems: [{ const: 4 }] }],
  ])('validates by the draft %s', ($schema, rest) => {
    const byDraft = jsonSchema(JSON.parse(JSON.stringify({ $schema, ...rest })));
    const fits = 'minimum' in rest ? '4' : '[4]';
    const misfits = 'minimum' in rest ? '3' : '[5]';
    expect(abstentionReason(byDraft(fits))).toBeUndefined();
    expect(abstentionReason(byDraft(misfits))).toBeDefined();
  });

  it('follows references within the schema, also of a tree', () => {
    const tree = jsonSchema({
      $ref: '#/$defs/node',
      $defs: {
        node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, a: { type: 'number' } } },
      },
    });
    expect(tree('{"next": {"next": {"a": 1}}}')).toStrictEqual({ next: { next: { a: 1 } } });
    expect(abstentionReason(tree('{"next": {"next": {"a": "x"}}}'))).toContain('next.next.a: ');
  });

  it('hands the schema on to the provider unchanged', async () => {
    const frozen = Object.freeze({ ...city });
    const before = JSON.stringify(frozen);
    const normalization = jsonSchema(frozen);
    expect(jsonSchemaOf(normalization)).toBe(frozen);
    expect([JSON.stringify(frozen), Object.getOwnPropertyNames(frozen)]).toEqual([before, Object.keys(city)]);
    const requests: ModelRequest[] = [];
    const model: Model = {
      id: 'any',
      call: (request) => {
        requests.push(request);
        return of({ text: '{"city": "Paris"}' });
      },
    };
    const { answer } = await createEnsemble({ models: [model], normalization }).predict('Where?');
    expect([answer, requests[0]?.answerSchema]).toEqual([{ city: 'Paris' }, city]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /a plain object, but got undefined/],
    ['a list', [], /a plain object, but got an array/],
    ['a text', '{"type": "object"}', /a plain object, but got a string of 18/],
    ['a Map', new Map(), /a plain object/],
    ['a schema of zod', z.object({}), /use `schema` for it/],
    [
      'an unknown draft',
      { $schema: 'http://json-schema.org/draft-03/schema#' },
      /"\$schema" must name draft-04/,
    ],
    [
      'an unknown type',
      { properties: { a: { type: 'strin' } } },
      /#\/properties\/a has "strin" as "type": expected array/,
    ],
    [
      'a reference to nothing',
      { $ref: '#/$defs/a' },
      /# has a "\$ref" to what is not in the schema: put it under "\$defs"/,
    ],
    [
      'a reference to the web',
      { items: { $ref: 'https://example.com/a' } },
      /#\/items has a "\$ref" to what is not in the schema/,
    ],
    ['a bad pattern', { properties: { a: { pattern: '(' } } }, /#\/properties\/a has "\(" as "pattern"/],
    [
      'a bad pattern of names',
      { patternProperties: { '(': {} } },
      /"patternProperties": expected schemas by regular/,
    ],
    ['a recursion without an end', { $ref: '#' }, /refers to itself endlessly/],
    [
      'a mutual recursion without an end',
      { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#' }] } } },
      /endlessly/,
    ],
    ['a dynamic reference', { $dynamicRef: '#a' }, /"\$dynamicRef", which is not supported/],
    ['a required that is no list', { required: 'a' }, /# has "a" as "required": expected a list of names/],
    ['a number that is text', { minimum: '3' }, /# has "3" as "minimum": expected a number/],
    ['properties that are no schemas', { properties: { a: 'string' } }, /expected schemas by name/],
  ])('refuses %s at once', (_, given, message) => {
    const create = () => jsonSchema(given as Record<string, unknown>);
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(message);
  });

  it('lists all faults', () => {
    expect(() => jsonSchema({ type: 'x', required: 1, $ref: '#/a' })).toThrow(/"type".*"required".*"\$ref"/s);
  });
});
