import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerKey } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { takeReadingNotes } from '../../src/domain/reading-notes.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { json } from '../../src/normalizers/json.ts';

describe('json repairs spelling that has one meaning', () => {
  it.each([
    ['{"a": 1,}', { a: 1 }, 'a trailing comma'],
    ['[[1,], [2, ],]', [[1], [2]], 'a trailing comma'],
    ["{'a': 'x'}", { a: 'x' }, 'single quotes'],
    [`{'a': "it's"}`, { a: "it's" }, 'single quotes'],
    ["{'a': 'it\\'s'}", { a: "it's" }, 'single quotes'],
    [`{'a': 'say "hi"'}`, { a: 'say "hi"' }, 'single quotes'],
    ['{“a”: “b”}', { a: 'b' }, 'typographic quotes'],
    ['{"a": 1, // the } count\n"b": 2}', { a: 1, b: 2 }, 'comments'],
    ['{"a": 1 /* ] */}', { a: 1 }, 'comments'],
    ['{\n  # note\n  "a": 1\n}', { a: 1 }, 'comments'],
    ['{"a": [True, False, None]}', { a: [true, false, null] }, 'Python literals'],
    ['{"a": "one\n\ttwo"}', { a: 'one\n\ttwo' }, 'line breaks in strings'],
    ["{'a': True,}", { a: true }, 'Python literals, a trailing comma, single quotes'],
    ['{"a":\u00a01}', { a: 1 }, 'white space that JSON does not have'],
  ])('%j', (text, value, repairs) => {
    takeReadingNotes();
    expect(json(text)).toStrictEqual(value);
    expect(takeReadingNotes()).toEqual([`the JSON was repaired: ${repairs}`]);
  });

  it('and the outcome says so, also through another normalizer', async () => {
    const normalization = (text: string) => {
      const value = json(text);
      return abstentionReason(value) === undefined ? (value as { a: number }).a : value;
    };
    for (const model of ["{'a': 1}", '{"a": 1}'].map((text) => defineModel('one', () => text))) {
      json("{'left': 'behind'}");
      const { outcomes } = await createEnsemble({ models: [model], normalization }).predict('?');
      expect(outcomes.map((outcome) => 'warning' in outcome && outcome.warning)).toEqual([
        outcomes[0]?.status === 'answered' && outcomes[0].response.text.includes("'")
          ? 'the JSON was repaired: single quotes'
          : false,
      ]);
    }
  });
});

describe('json never adds what is missing', () => {
  it.each([
    '{"a": "x}',
    '{"a: 1}',
    '{a": 1}',
    '{a: 1}',
    '{"a": }',
    '{"a" 1}',
    '{"a": 1 "b": 2}',
    '{"a": 1,, "b": 2}',
    '[1,,2]',
    '[,1]',
    '{"a": [1, 2}',
    '{"a": 1]',
    '{"a": 1, ...}',
    '[1, 2, ...]',
    "{'a': 'it's'}",
    '{"a": NaN}',
    '{"a": Infinity}',
    '{"a": undefined}',
    '{"a": 1e999}',
    '{"a": 01}',
    '{"a": +1}',
    '{"a": .5}',
    '{"a": 1.}',
    '{"a": 0x1f}',
    '{"a": (1, 2)}',
    '{"a": "b" + "c"}',
    "{'a': u'x'}",
    '{"a": "\\x41"}',
    '{"a": 1 // the end }',
    '{"a": 1 /* the end }',
    '12345678901234567891',
  ])('%s', (text) => {
    expect(abstentionReason(json(text))).toBeDefined();
  });
});

/** Strings that cannot be taken for marks, fences, JSON or hidden reasoning, or be folded. */
const words = fc
  .stringMatching(/^[a-zA-Z0-9 .,:'"\\/{}[\]#-]{0,12}$/)
  .filter((text) => !text.includes('```'));

const jsonValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    words,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(words, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const container = fc.oneof(
  fc.array(jsonValue, { minLength: 1, maxLength: 4 }),
  fc.dictionary(words, jsonValue, { minKeys: 1, maxKeys: 4 }),
);

const settings = { numRuns: 500, seed: 13 };

describe('json, for any value', () => {
  it('is not changed by a repair if it is valid', () => {
    fc.assert(
      fc.property(container, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        takeReadingNotes();
        const text = JSON.stringify(value, null, indent);
        expect(answerKey(json(text))).toBe(answerKey(JSON.parse(text)));
        expect(takeReadingNotes()).toEqual([]);
      }),
      settings,
    );
  });

  it('reads it in prose, fences and tags', () => {
    const wrappings: ((text: string) => string)[] = [
      (text) => `Here you are:\n\`\`\`json\n${text}\n\`\`\`\nHope this helps!`,
      (text) => `\`\`\`\n${text}\n\`\`\``,
      (text) => `Sure!\n\n${text}\n\nDone.`,
      (text) => `<think>Let me see.</think>\n${text}</s>`,
      (text) => `The final answer is ${text}.`,
      (text) => `First thoughts. <answer>\n${text}\n</answer>`,
      (text) => `~ ${text}`,
    ];
    fc.assert(
      fc.property(
        fc.dictionary(words, jsonValue, { minKeys: 1, maxKeys: 4 }),
        fc.constantFrom(...wrappings),
        fc.constantFrom(undefined, 2),
        (value, wrapped, indent) => {
          const text = JSON.stringify(value, null, indent);
          fc.pre(!text.includes('</'));
          expect(answerKey(json(wrapped(text)))).toBe(answerKey(JSON.parse(text)));
        },
      ),
      settings,
    );
  });

  it('reads lists of plain items with and without a comma at the end, and abstains from the cut ones', () => {
    const items = ['0', '-12.5', '1e5', '"a,]"', 'true', 'null', '"é"', '[1, 2]', '1e999', "'b'"];
    for (const one of items)
      for (const other of items) {
        const list = `[1, ${one} ,\n${other}`;
        const isRead = one !== '1e999' && other !== '1e999';
        const expected = isRead ? JSON.parse(`${list}]`.replaceAll("'", '"')) : undefined;
        for (const end of [']', ', ]'])
          expect([list, isRead ? json(list + end) : abstentionReason(json(list + end))]).toEqual([
            list,
            expected ?? expect.stringContaining('out of range'),
          ]);
        expect(abstentionReason(json(list)), list).toBeDefined();
      }
  });

  it('abstains from every proper prefix', () => {
    fc.assert(
      fc.property(
        container,
        fc.constantFrom(undefined, 2),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (value, indent, part) => {
          const text = JSON.stringify(value, null, indent);
          expect(abstentionReason(json(text.slice(0, Math.floor(text.length * part))))).toBeDefined();
        },
      ),
      { ...settings, numRuns: 2000 },
    );
  });

  it('reads the same from its spelling in Python', () => {
    const python = (value: unknown): string => {
      if (value === null) return 'None';
      if (typeof value === 'boolean') return value ? 'True' : 'False';
      if (typeof value === 'string')
        return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
      if (Array.isArray(value)) return `[${value.map((item) => `${python(item)}, `).join('')}]`;
      if (typeof value === 'object')
        return `{${Object.entries(value)
          .map(([key, item]) => `${python(key)}: ${python(item)}, # note\n`)
          .join('')}}`;
      return JSON.stringify(value);
    };
    fc.assert(
      fc.property(container, (value) => {
        expect(answerKey(json(python(value)))).toBe(answerKey(JSON.parse(JSON.stringify(value))));
      }),
      settings,
    );
  });
});
