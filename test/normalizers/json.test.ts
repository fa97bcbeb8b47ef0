import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerKey } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { MAX_JSON_DEPTH } from '../../src/normalizers/json/json-scan.ts';
import { json } from '../../src/normalizers/json.ts';

describe('json finds the value', () => {
  it.each([
    ['{"a": 1}', { a: 1 }],
    ['Here: {"a": {"b": [1, 2]}} as asked.', { a: { b: [1, 2] } }],
    ['```json\n[1]\n```', [1]],
    ['```\ntrue\n```</s>', true],
    ['42', 42],
    ['-0', 0],
    ['"x"', 'x'],
    ['See [1]. {"a": 1} as in [2].', { a: 1 }],
    ['{"draft": 1}\n```json\n{"a": 1}\n```\nnot {"b": 2}', { a: 1 }],
    ['{"a": 1} no, {"a": 2}', { a: 2 }],
    ['{broken: then} {"a": 1}', { a: 1 }],
    ['<think>{"a": 1}</think>[2]', [2]],
    ['{"a": "} \\" ]"}', { a: '} " ]' }],
    ['{}', {}],
    ['[]', []],
  ])('%j', (text, expected) => {
    expect(json(text)).toStrictEqual(expected);
  });

  it('treats __proto__ as a name and changes no prototype', () => {
    const value: object = Object(json('{"__proto__": {"polluted": true}, "constructor": 1}'));
    expect(Object.keys(value)).toStrictEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reads any JSON value that stands in prose, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (object) => {
        const plain = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
        const reversed = Object.fromEntries(Object.entries(plain).reverse());
        const found = json(`The result:\n\`\`\`json\n${JSON.stringify(reversed)}\n\`\`\``);
        fc.pre(!JSON.stringify(object).match(/[^ -~]/));
        expect(answerKey(found)).toBe(answerKey(plain));
      }),
      { numRuns: 500 },
    );
  });
});

describe('json finds a value in prose that begins with', () => {
  it.each([
    ['white space', '[ \n 1]', [1]],
    ['a comment', '[ // none\n1]', [1]],
    ['a comment of another language', '{ # none\n"a": 1}', { a: 1 }],
    ['a negative number', '[-1.5e+3]', [-1500]],
    ['a literal', '[null, 1]', [null, 1]],
    ['a literal of Python', '[None]', [null]],
    ['a typographic quote', '[\u201ca\u201d]', ['a']],
    ['another value', '[[{}]]', [[{}]]],
    ['nothing', '[ ]', []],
  ])('%s', (_, value, expected) => {
    expect(json(`Of [x], [trueish] and [1a] it is ${value}.`)).toEqual(expected);
  });
});

describe('json abstains with a reason', () => {
  it.each([
    ['', 'no JSON'],
    ['plain words', 'no JSON'],
    ['{"a": 1', 'no JSON'],
    ['{"a": 1, "b": }', 'expected a value at character 15'],
    ['{"a": 1, "a": 2}', 'a key that occurs twice'],
    ['{"id": 9007199254740993}', 'more digits than a number keeps'],
    ['{"a": 1}\n{"a": 2}', 'several JSON values that differ'],
    ['<answer>Paris</answer> {"a": 1}', 'the marked answer is not JSON'],
    ['[1e999]', 'no JSON'],
    ['1e999', 'no JSON'],
    ['01', 'no JSON'],
    ['null', 'null'],
    ['['.repeat(1_000_000) + ']'.repeat(48_000), 'nested deeper than 200'],
    ['{"a":'.repeat(200_000), 'nested deeper than 200'],
  ])('%.20j: %s', (text, why) => {
    expect(abstentionReason(json(text))).toContain(why);
  });

  it('reads the last of 1,000 values, and none of more', () => {
    const values = (count: number): string => `${'{"a": 1} then '.repeat(count - 1)}{"a": 2}`;
    expect(json(values(1000))).toEqual({ a: 2 });
    expect(abstentionReason(json(values(1001)))).toContain('more than 1000 JSON values');
  });

  it(`reads nesting of ${MAX_JSON_DEPTH}, and none deeper`, () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(Array.isArray(json(nested(MAX_JSON_DEPTH)))).toBe(true);
    expect(abstentionReason(json(nested(MAX_JSON_DEPTH + 1)))).toContain('nested');
  });
});
