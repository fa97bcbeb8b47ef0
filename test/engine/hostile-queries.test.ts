import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { ConfigError, createEnsemble, defineModel, type ModelRequest, type Query } from '../../src/index.ts';
import { ask } from '../../src/operators/operators.ts';

const thrown = (): never => {
  throw new RangeError('of a getter');
};

/** An object of which one property throws when it is read. */
const throwing = (name: string, others: object): object =>
  Object.defineProperty({ ...others }, name, { get: thrown, enumerable: true });

const detached = (): ArrayBuffer => {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
};

const user = (...content: unknown[]): object => ({ messages: [{ role: 'user', content }] });
const plain = { messages: [{ role: 'user', content: 'What?' }] };
const tool = { inputSchema: { type: 'object' } };
const withTool = (inputSchema: unknown): object => ({ ...plain, tools: { t: { inputSchema } } });
const cycle: Record<string, unknown> = { type: 'object' };
cycle.properties = { again: cycle };
const deep = JSON.parse(`${'{"properties":'.repeat(20_000)}{}${'}'.repeat(20_000)}`);
const called = (input: unknown): object => ({
  messages: [
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 't', input }] },
    { role: 'user', content: 'And now?' },
  ],
});

const requestOf = (query: object, ...more: [owner?: string, defaults?: object]): ModelRequest =>
  toRequest(query as Query, ...more);

describe('a hostile query', () => {
  it.each<readonly [what: string, query: object, fault: RegExp]>([
    ['a part whose data throw', user(throwing('data', { type: 'file' })), /cannot be read/],
    ['a part that throws elsewhere', user(throwing('x', { type: 'text', text: 'x' })), /cannot be read/],
    ['a turn that throws', { messages: [throwing('content', { role: 'user' })] }, /read/],
    [
      'a list of parts that throws',
      { messages: [{ role: 'user', content: new Proxy([], { get: thrown }) }] },
      /read/,
    ],
    ['tools that throw', { ...plain, tools: new Proxy({}, { ownKeys: thrown }) }, /cannot be read/],
    ['settings that throw', { ...plain, settings: throwing('seed', {}) }, /cannot be read/],
    [
      'a hole among its parts',
      user(...new Array(1), { type: 'text', text: 'x' }),
      /content\[0\].type must be/,
    ],
    ['no bytes', user({ type: 'image', image: new Uint8Array(0) }), /image has no bytes/],
    ['bytes that went elsewhere', user({ type: 'image', image: detached() }), /image has no bytes/],
    ['a schema with a cycle', withTool(cycle), /inputSchema must be a JSON Schema of an object/],
    ['a schema that is too deep', withTool(deep), /inputSchema must be a JSON Schema of an object/],
    ['a schema of a list', withTool({ type: 'array' }), /inputSchema must be a JSON Schema of an object/],
    ['a schema of no type', withTool({ type: 7 }), /inputSchema must be a JSON Schema of an object/],
    ['arguments with a cycle', called(cycle), /input must be the arguments, as JSON/],
    ['arguments that are no JSON', called({ a: 1n }), /input must be the arguments, as JSON/],
    ['a turn of a tool without results', { messages: [{ role: 'tool', content: [] }] }, /must not be blank/],
    ['two names that are sent as one', { ...plain, tools: { 時: tool, 日: tool } }, /have the same name/],
  ])('is refused with a fault: %s', (_what, query, fault) => {
    const refused = (): unknown => requestOf(query);
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(fault);
    expect(refused).not.toThrow('of a getter');
  });

  it('is refused with a fault of the configuration, or read, whatever its parts are', () => {
    const word = fc.constantFrom(
      'type',
      'text',
      'image',
      'file',
      'data',
      'tool-call',
      'input',
      'output',
      'value',
    );
    const role = fc.constantFrom('user', 'assistant', 'tool', 'system');
    const part = fc.dictionary(
      word,
      fc.oneof(word, fc.anything({ withBigInt: true, withNullPrototype: true })),
    );
    const turn = fc.record({ role, content: fc.oneof(fc.anything(), fc.array(part)) });
    const query = fc.record(
      { messages: fc.array(turn), tools: fc.anything(), settings: fc.anything(), toolChoice: fc.anything() },
      { requiredKeys: ['messages'] },
    );
    fc.assert(
      fc.property(query, (one) => {
        let failure: unknown;
        try {
          requestOf(one);
        } catch (error) {
          failure = error;
        }
        if (failure !== undefined) expect(failure).toBeInstanceOf(ConfigError);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a tool of any name', () => {
  it.each(['__proto__', 'constructor', 'toString', '時刻', '😀'])('reaches the model: %s', (name) => {
    const tools = { ...Object.fromEntries([[name, tool]]) };
    const { tools: sent = {} } = requestOf({ ...plain, tools });
    expect(Object.entries(sent)).toStrictEqual([[name, tool]]);
    expect(Object.getPrototypeOf(sent)).toBe(Object.prototype);
  });

  it('may have any number of properties, and properties of any name', () => {
    const names = ['__proto__', '$ref', ...Array.from({ length: 10_000 }, (_, index) => `p${index}`)];
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    const sent = requestOf(withTool({ type: 'object', properties })).tools?.t?.inputSchema;
    expect(Object.keys(sent?.properties as object)).toStrictEqual(names);
  });
});

it('measures the texts and the tools of a query, too', () => {
  const limit = { maxRequestBytes: 100 };
  const long = 'x'.repeat(101);
  const fault = /"maxRequestBytes" is 100/;
  expect(() => toRequest(long, 'predict', limit)).toThrow(fault);
  expect(() => toRequest('What?', 'predict', { ...limit, system: long })).toThrow(fault);
  expect(() =>
    requestOf({ ...plain, tools: { t: { ...tool, description: long } } }, 'predict', limit),
  ).toThrow(fault);
  expect(toRequest('x'.repeat(100), 'predict', limit).prompt).toHaveLength(100);
});

it('takes 50 MB unless it is told otherwise', async () => {
  const text = 'x'.repeat(50_000_000);
  const model = defineModel('a', () => '4');
  const ensemble = createEnsemble({ models: [model] });
  expect(await ensemble.predict(text)).toMatchObject({ answer: '4' });
  const fault = 'has 50000001 bytes with its files as base64';
  await expect(ensemble.predict(`${text}x`)).rejects.toThrow(fault);
  expect(() => ask(model, `${text}x`)).toThrow(fault);
});

it('sends the arguments and the results of tools as they were when they were checked', () => {
  const input = { a: 1 };
  const value = { b: 2 };
  const { messages } = requestOf({
    messages: [
      ...(called(input) as { messages: object[] }).messages,
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: '1', toolName: 't', output: { type: 'json', value } }],
      },
    ],
  });
  input.a = 7;
  value.b = 7;
  expect(messages[0]?.content[0]).toMatchObject({ input: { a: 1 } });
  expect(messages[2]?.content[0]).toMatchObject({ output: { type: 'json', value: { b: 2 } } });
});

it('knows no setting that is undefined', () => {
  const settings = { temperature: undefined, seed: 7 } as object;
  expect(requestOf({ ...plain, settings }).settings).toStrictEqual({ seed: 7 });
  expect(toRequest('What?', 'predict', { settings }).settings).toStrictEqual({ seed: 7 });
  expect(requestOf(plain, 'predict', { settings }).settings).toStrictEqual({ seed: 7 });
});
