import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '../../src/domain/errors.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { jsonSchemaOf } from '../../src/normalizers/answer-schema.ts';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { json } from '../../src/normalizers/json.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { marked } from '../../src/normalizers/marked.ts';
import { numeric } from '../../src/normalizers/numeric.ts';
import { schema } from '../../src/normalizers/schema.ts';

const upperCase = (text: string): string => text.toUpperCase();

describe('marked reads what a mark holds', () => {
  it.each([
    [numeric, 'The answer is 42 because 6 × 7.', 42],
    [numeric, '#### 42', 42],
    [boolean, '<answer>no</answer>', false],
    [choice(['A', 'B']), '{"choice": "B"}', 'B'],
    [lowercaseTrim, 'Answer: Paris', 'paris'],
    [upperCase, 'So the answer is **Paris**.', 'PARIS'],
    [upperCase, '<answer>Paris</answer>', 'PARIS'],
    [json, '```json\n{"a": 1}\n```', { a: 1 }],
    [json, '{"a": 1}', { a: 1 }],
    [schema(z.object({ a: z.number() })), 'Well: <answer>{"a": 1}</answer>', { a: 1 }],
  ] as const)('with %s from %j', (normalizer, text, answer) => {
    expect(marked(normalizer as (text: string) => unknown)(text)).toEqual(answer);
  });

  it.each([
    [numeric, '42'],
    [boolean, 'Yes'],
    [choice(['A', 'B']), 'B'],
    [lowercaseTrim, 'Paris'],
    [upperCase, 'Paris'],
    [json, 'It is {"a": 1} or so'],
  ] as const)('and nothing else with %s from %j', (normalizer, text) => {
    const reason = abstentionReason(marked(normalizer as (text: string) => unknown)(text));
    expect(reason).toContain('marks or announces no answer');
  });

  it('hands on the JSON Schema', () => {
    const answer = schema(z.object({ a: z.number() }));
    expect(jsonSchemaOf(marked(answer))).toEqual(jsonSchemaOf(answer));
  });

  it('refuses anything but a normalizer', () => {
    expect(() => marked('numeric' as never)).toThrow(ConfigError);
    expect(() => marked('numeric' as never)).toThrow('marked(numeric)');
  });
});
