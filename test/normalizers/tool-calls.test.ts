import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formOf } from '../../src/domain/answer-form.ts';
import { answerKey } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { numeric, type Tool, type ToolCallsOptions, type ToolChoice, toolCalls } from '../../src/index.ts';

const schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'light.set': {
    type: 'object',
    properties: {
      room: { type: 'string' },
      level: { type: 'integer', default: 50 },
      colour: { type: 'string', enum: ['Warm', 'cold'] },
      on: { type: 'boolean' },
      at: { type: 'string' },
      scenes: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } } } },
      limit: { type: ['number', 'null'] },
    },
    required: ['room'],
  },
  stop: { type: 'object', properties: {} },
  open: { type: 'object', properties: { id: { type: 'integer' } }, additionalProperties: { type: 'string' } },
  strict: {
    type: 'object',
    properties: {
      a: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      b: { type: ['integer', 'null'] },
      c: { enum: ['x', null] },
    },
    required: ['a', 'b', 'c'],
    additionalProperties: false,
  },
  referred: { $ref: '#/$defs/own', $defs: { own: { type: 'object' } } },
};
const tools = Object.fromEntries(
  Object.entries(schemas).map(([name, inputSchema]) => [name, { inputSchema }]),
) satisfies Readonly<Record<string, Tool>>;
const query = { prompt: '?', messages: [{ role: 'user' as const, content: '?' }], tools };

const read = (calls: unknown, text = '', options?: ToolCallsOptions<unknown>) =>
  toolCalls(options)(text, { query, response: { text, toolCalls: calls as [] } });
const calling = (input: unknown, toolName = 'light.set') => read([{ toolName, input }]);
const keyOf = (input: unknown, options?: ToolCallsOptions): string => {
  const answer = read([{ toolName: 'light.set', input }], '', options);
  return abstentionReason(answer) ?? answerKey(answer);
};
const inputOf = (input: unknown, toolName?: string): unknown => {
  const answer = calling(input, toolName);
  return abstentionReason(answer) ?? (answer as readonly { readonly input: unknown }[])[0]?.input;
};

describe('a tool that must be called', () => {
  const asked = (toolChoice: ToolChoice, calls: readonly string[]): string | undefined =>
    abstentionReason(
      toolCalls()('Nothing to do.', {
        query: { ...query, toolChoice },
        response: { text: 'Nothing to do.', toolCalls: calls.map((toolName) => ({ toolName, input: {} })) },
      }),
    );
  const stop = { type: 'tool', toolName: 'stop' } as const;

  it.each([
    ['required', [], 'the model called no tool, and the query asks for a call'],
    ['required', ['referred'], undefined],
    [stop, [], 'the model called no tool, and the query asks for a call'],
    [stop, ['referred'], 'the model called other tools than the one that the query asks for'],
    [stop, ['referred', 'stop'], undefined],
    ['auto', [], undefined],
    ['none', [], undefined],
  ] as const)('%j, and calls of %j', (toolChoice, calls, reason) => {
    expect(asked(toolChoice, calls)).toBe(reason);
  });
});

describe('the calls of tools as an answer', () => {
  it('are the calls as the model made them, with the names of the query and the types of the schema', () => {
    const calls = [
      { toolName: 'light_set', input: '{"room":" Hall ","level":"7.0","on":"TRUE"}', toolCallId: 'x1' },
      { toolName: 'stop', input: '' },
    ];
    expect(read(calls, 'I will do that.')).toStrictEqual([
      { toolName: 'light.set', input: { room: ' Hall ', level: 7, on: true } },
      { toolName: 'stop', input: {} },
    ]);
  });

  it.each([
    ['a number as text', { level: '+8' }, { level: 8 }],
    ['a number with an exponent', { level: '1e2' }, { level: 100 }],
    ['a number that is not whole, for an integer', { level: '7.5' }, { level: '7.5' }],
    ['a number that no integer holds', { level: '9007199254740993' }, { level: '9007199254740993' }],
    ['a number with a unit', { level: '8 %' }, { level: '8 %' }],
    ['a number with a comma', { level: '1,000' }, { level: '1,000' }],
    ['a word for a boolean', { on: 'yes' }, { on: 'yes' }],
    ['a number for a boolean', { on: 1 }, { on: 1 }],
    ['a number for a text', { room: 12 }, { room: '12' }],
    ['a boolean for a text', { room: false }, { room: 'false' }],
    ['a list for a text', { room: ['a'] }, { room: ['a'] }],
    ['an array as text', { scenes: '[{"id": "3"}]' }, { scenes: [{ id: 3 }] }],
    ['an object as text for an array', { scenes: '{"id": 3}' }, { scenes: '{"id": 3}' }],
    ['broken JSON for an array', { scenes: '[1, 2' }, { scenes: '[1, 2' }],
    ['one value for an array', { scenes: 3 }, { scenes: 3 }],
    ['a member of an enum in other letters', { colour: ' warm' }, { colour: 'Warm' }],
    ['a member of an enum as it is', { colour: 'cold' }, { colour: 'cold' }],
    ['no member of an enum', { colour: 'colder' }, { colour: 'colder' }],
    ['a text where two types are allowed', { limit: '3' }, { limit: '3' }],
    ['null for an optional argument', { level: null, limit: null }, {}],
    ['what is empty', { at: '', scenes: [] }, { at: '', scenes: [] }],
  ])('brings arguments to their schema only if they have one reading: %s', (_, given, expected) => {
    expect(inputOf({ room: 'hall', ...given })).toStrictEqual({ room: 'hall', ...expected });
  });

  it('keeps a default in the answer and leaves it out of the vote', () => {
    expect(inputOf({ room: 'hall', level: 50 })).toStrictEqual({ room: 'hall', level: 50 });
    expect(keyOf({ room: 'hall', level: '50' })).toBe(keyOf({ room: 'hall' }));
    expect(keyOf({ room: 'hall', level: 0 })).not.toBe(keyOf({ room: 'hall' }));
  });

  it('takes null for a required argument if its schema does', () => {
    expect(inputOf({ a: null, b: null, c: null }, 'strict')).toStrictEqual({ a: null, b: null, c: null });
    expect(inputOf({ room: null })).toBe(
      'the model called "light.set" without its argument "room", which is required',
    );
  });

  it('keeps arguments that are not declared if the schema takes others, or says elsewhere which', () => {
    expect(inputOf({ id: '4', more: 5 }, 'open')).toStrictEqual({ id: 4, more: 5 });
    expect(inputOf({ any: 1 }, 'referred')).toStrictEqual({ any: 1 });
  });

  it.each([
    ['another tool', [{ toolName: 'light', input: {} }]],
    ['a tool without a name', [{ input: {} }]],
    ['no call', [null]],
    ['an argument of no tool', [{ toolName: 'stop', input: { now: true } }]],
    ['an argument with the name of a method', [{ toolName: 'stop', input: { constructor: 1 } }]],
    ['a missing argument', [{ toolName: 'light.set', input: { level: 3 } }]],
    ['broken JSON', [{ toolName: 'stop', input: '{"a": 1' }]],
    ['a list', [{ toolName: 'stop', input: [] }]],
    ['JSON of a number', [{ toolName: 'stop', input: '7' }]],
    [
      'JSON three times over',
      [{ toolName: 'stop', input: JSON.stringify(JSON.stringify(JSON.stringify({}))) }],
    ],
    [
      'one wrong call of two',
      [
        { toolName: 'stop', input: {} },
        { toolName: 'go', input: {} },
      ],
    ],
    ['calls that are no list', { toolName: 'stop', input: {} }],
    ['no text either', []],
  ])('abstains from %s, and quotes nothing of it', (_, calls) => {
    const reason = abstentionReason(read(calls));
    expect(reason).toMatch(/tool|argument/);
    expect(reason).not.toMatch(/now|constructor|\blight"|\bgo\b/);
  });

  it('takes no side between two tools that are sent under one name', () => {
    const both = { 'a.b': { inputSchema: {} }, 'a b': { inputSchema: {} } };
    const answer = (toolName: string) =>
      toolCalls()('', {
        query: { ...query, tools: both },
        response: { text: '', toolCalls: [{ toolName, input: {} }] },
      });
    expect(abstentionReason(answer('a_b'))).toBe('the model called a tool that the query does not have');
    expect(answer('a b')).toStrictEqual([{ toolName: 'a b', input: {} }]);
  });
});

describe('the same vote', () => {
  it.each([
    ['keys in another order', { room: 'a', on: true }, { on: true, room: 'a' }],
    ['letters', { room: 'Café' }, { room: 'CAFE\u0301 ' }],
    ['numbers', { room: 'a', limit: 5 }, '{"limit": 5.00, "room": "a"}'],
    ['zero', { room: 'a', limit: -0 }, { room: 'a', limit: 0 }],
    ['nested keys', { room: 'a', scenes: [{ id: 1, x: 2 }] }, { room: 'a', scenes: [{ x: 2, id: '1' }] }],
  ])('%s', (_, one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  it.each([
    ['the order of a list', { room: 'a', scenes: [1, 2] }, { room: 'a', scenes: [2, 1] }],
    ['true and its text', { room: 'a', limit: true }, { room: 'a', limit: 'true' }],
    ['true and one', { room: 'a', limit: true }, { room: 'a', limit: 1 }],
    ['punctuation', { room: 'a.' }, { room: 'a' }],
    ['an empty text and none', { room: 'a', at: '' }, { room: 'a' }],
    ['a key and a part of a text', { room: 'a","on":true' }, { room: 'a', on: true }],
    ['dates, unless asked for', { room: 'a', at: 'May 4, 2031' }, { room: 'a', at: '2031-05-04' }],
  ])('is not %s', (_, one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it('is case with fold: false', () => {
    expect(keyOf({ room: 'Hall' }, { fold: false })).not.toBe(keyOf({ room: 'hall' }, { fold: false }));
    expect(keyOf({ room: 'Hall ' }, { fold: false })).toBe(keyOf({ room: 'Hall' }, { fold: false }));
  });

  it.each([
    ['2031/5/4', '2031-05-04'],
    ['4th of May, 2031', 'May 4 2031'],
    ['Sept 3rd, 2031', '2031.9.3'],
    ['2031-05-04T00:00:00Z', '4 May 2031'],
    ['7 p.m.', '19:00'],
    ['12:30am', '0:30'],
    ['07:05:00', '7:05'],
  ])('is a date in another form with dates: true: %s and %s', (one, other) => {
    const dates = { dates: true };
    expect(keyOf({ room: 'a', at: one }, dates)).toBe(keyOf({ room: 'a', at: other }, dates));
    expect(keyOf({ room: 'a', at: one })).not.toBe(keyOf({ room: 'a', at: other }));
  });

  it.each([
    ['05/04/2031', '04/05/2031'],
    ['May 4', '2031-05-04'],
    ['13 pm', '1 am'],
    ['Mayhem 4, 2031', '2031-05-04'],
    ['2031-05-04T01:00:00Z', '2031-05-04'],
  ])('is no guess at a date: %s and %s', (one, other) => {
    expect(keyOf({ room: 'a', at: one }, { dates: true })).not.toBe(
      keyOf({ room: 'a', at: other }, { dates: true }),
    );
  });

  it('is the same calls in any order, each as often', () => {
    const [a, b] = [
      { toolName: 'stop', input: {} },
      { toolName: 'light.set', input: { room: 'x' } },
    ];
    const key = (...calls: unknown[]) => answerKey(read(calls));
    expect(key(a, b)).toBe(key(b, a));
    expect(new Set([key(a), key(a, a), key(b), key(a, b), key(a, a, b)]).size).toBe(5);
  });

  it('is counted by its key, and worded as it was given', () => {
    const [upper, lower] = [calling({ room: 'Hall' }), calling({ room: 'hall' })];
    expect(answerKey(upper)).toBe(answerKey(lower));
    expect(formOf(upper)?.wording).not.toBe(formOf(lower)?.wording);
    expect(upper).not.toStrictEqual(lower);
  });
});

describe('no call', () => {
  it('is an answer like any other', () => {
    expect(read([], 'The light is on already.')).toStrictEqual([]);
    expect(answerKey(read(undefined, 'Hello.'))).toBe(answerKey(read([], 'No tool fits.')));
    expect(answerKey(read([], 'Hello.'))).not.toBe(answerKey(calling({}, 'stop')));
  });

  it.each(['Use light.set(room="hall").', 'print(api.light_set(3))', 'stop()'])(
    'is not a call that was written: %s',
    (text) => {
      expect(abstentionReason(read([], text))).toMatch(/as text instead of making it$/);
    },
  );

  it('is a text to be read with orText', () => {
    const options = { orText: numeric };
    expect(read([], 'It is 42.', options)).toBe(42);
    expect(abstentionReason(read([], 'Hello there.', options))).toBeDefined();
    expect(abstentionReason(read([], 'stop() returns 42', options))).toBeDefined();
    expect(read([{ toolName: 'stop', input: {} }], '42', options)).toStrictEqual([
      { toolName: 'stop', input: {} },
    ]);
  });

  it('has no sense without tools, unless texts are read', () => {
    const { tools: _, ...plain } = query;
    const context = { query: plain, response: { text: '42' } };
    expect(abstentionReason(toolCalls()('42', context))).toMatch(/^the query has no tools: /);
    expect(toolCalls({ orText: numeric })('42', context)).toBe(42);
  });
});

it('refuses options that it does not have', () => {
  expect(() => toolCalls({ fold: 'no' } as never)).toThrow('toolCalls: option "fold" must be true or false');
  expect(() => toolCalls({ orText: 'numeric' } as never)).toThrow(
    'toolCalls: option "orText" must be a function',
  );
  expect(() => toolCalls({ folds: true } as never)).toThrow('did you mean "fold"?');
});

/** Arguments that are nested so deep, as a model of a caller may give them. */
const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { id: value };
  return value;
};

describe('hostile arguments', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = [cyclic, cyclic];
  // Each part twice, so that the whole has 2 to the power of 150 parts.
  let shared: unknown = [];
  for (let level = 0; level < 150; level += 1) shared = [shared, shared];

  it.each<[string, unknown]>([
    ['10,000 levels', { room: nested(10_000) }],
    ['10,000 levels of JSON', `{"room": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['a cycle', { room: cyclic }],
    ['parts that are shared', { room: shared }],
    ['a huge array', { room: new Array(2 ** 32 - 1) }],
    ['a huge text', { room: 'x'.repeat(2_000_000) }],
    ['NaN', { room: Number.NaN }],
    ['a number beyond all', '{"room": 1e999}'],
    ['a bigint', { room: 1n }],
    ['a function', { room: () => 1 }],
    ['a date', { room: new Date(0) }],
    ['a map', { room: new Map() }],
    ['an array with holes', { room: new Array(2) }],
    [
      'a getter that throws',
      {
        get room() {
          throw new Error('secret');
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('secret');
          },
        },
      ),
    ],
    [
      'a class',
      new (class {
        room = 'x';
      })(),
    ],
  ])('abstains from %s', (_, input) => {
    expect(inputOf(input)).toMatch(/^the arguments of "light.set" are no JSON object, or are too large/);
  });

  it('abstains from a call whose name or arguments cannot be read', () => {
    const thrower = (member: string) =>
      Object.defineProperty({ toolName: 'stop', input: {} }, member, {
        get: () => {
          throw new Error('x');
        },
      });
    expect(abstentionReason(read([thrower('toolName')]))).toMatch(/^the model called a tool/);
    expect(abstentionReason(read([thrower('input')]))).toMatch(/^the arguments of "stop"/);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])('has no effect by the name %s', (name) => {
    const input = inputOf(`{"id": 1, "${name}": {"polluted": true}}`, 'open');
    expect(Object.entries(input as object)).toStrictEqual([
      ['id', 1],
      [name, { polluted: true }],
    ]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(abstentionReason(calling(`{"room": "a", "${name}": 1}`))).toMatch(/does not have$/);
  });

  it('reads each value of large arguments once', () => {
    const readsOf = (size: number): number => {
      let reads = 0;
      const item = {
        get id() {
          reads += 1;
          return '7';
        },
      };
      const { scenes } = inputOf({ room: 'x', scenes: Array.from({ length: size }, () => item) }) as {
        readonly scenes: readonly unknown[];
      };
      expect(scenes).toHaveLength(size);
      return reads;
    };
    expect([readsOf(1_000), readsOf(4_000)]).toStrictEqual([1_000, 4_000]);
  });
});

it('has one vote for a value, however it is written, and one value for a vote', () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false, 'a', 'A', '1', ''),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const reordered = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(reordered);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(
      Object.entries(given)
        .toReversed()
        .map(([name, part]) => [name, reordered(part)]),
    );
  };
  const key = (given: unknown) =>
    answerKey(read([{ toolName: 'open', input: { id: 1, given } }], '', { fold: false }));
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(key(one)).toBe(key(reordered(one)));
      expect(key(one)).toBe(key(JSON.parse(JSON.stringify(one))));
      const isEqual = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      expect(key(one) === key(other)).toBe(isEqual);
    }),
    { numRuns: 2000, seed: 15 },
  );
});

/** A value with sorted keys and trimmed texts. */
const sorted = (given: unknown): unknown => {
  if (typeof given === 'string') return given.trim();
  if (Array.isArray(given)) return given.map(sorted);
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
};
