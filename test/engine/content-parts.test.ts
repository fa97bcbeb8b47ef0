import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type Attachment,
  type Conversation,
  createEnsemble,
  defineModel,
  type ModelRequest,
  promptOf,
  type Query,
} from '../../src/index.ts';

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4]);
const BASE64 = 'iVBORw0KGgoBAgME';
const CANARY = 'c2VjcmV0IGNhbmFyeSBieXRl';

/** Asks an ensemble and returns what its model received. */
const receivedBy = async (query: unknown, options: object = {}, overrides: object = {}) => {
  let received: ModelRequest | undefined;
  const model = defineModel('a', (_prompt, { request }) => {
    received = request;
    return 'Paris';
  });
  const prediction = await createEnsemble({ models: [model], ...options }).predict(query as Query, overrides);
  return { request: received as unknown as ModelRequest, prediction };
};

/** The parts of the first turn of a request, as attachments. */
const filesIn = ({ messages }: ModelRequest): readonly Partial<Attachment>[] =>
  messages[0]?.content as readonly Partial<Attachment>[];

const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] });

describe('a message of parts', () => {
  it('reaches a model with its images and files as attachments', async () => {
    const { request } = await receivedBy(
      user({ type: 'text', text: 'What is' }, { type: 'image', image: PNG }, { type: 'text', text: 'this?' }),
    );
    expect(request.prompt).toBe('What is\n\nthis?');
    const image = filesIn(request)[1];
    expect(image).toMatchObject({ type: 'file', mediaType: 'image/png', sizeBytes: 12 });
    expect(image?.data).toBe(BASE64);
  });

  it.each([
    ['bytes', { type: 'image', image: PNG }, 'image/png', BASE64],
    ['a buffer', { type: 'image', image: PNG.buffer }, 'image/png', BASE64],
    ['base64', { type: 'image', image: BASE64 }, 'image/png', BASE64],
    ['bytes of some image', { type: 'image', image: PNG, mediaType: 'image/*' }, 'image/png', BASE64],
    ['bytes of no known image', { type: 'image', image: 'aGk=', mediaType: 'image/*' }, 'image/*', 'aGk='],
    [
      'bytes of a type of their own',
      { type: 'file', data: BASE64, mediaType: 'image/apng' },
      'image/apng',
      BASE64,
    ],
    ['a data: URL', { type: 'image', image: `data:image/webp;base64,${BASE64}` }, 'image/webp', BASE64],
    ['a URL', { type: 'image', image: 'https://example.org/a.png' }, 'image/*', 'https://example.org/a.png'],
    [
      'a file',
      { type: 'file', data: BASE64, mediaType: 'application/pdf', filename: 'a.pdf' },
      'application/pdf',
      BASE64,
    ],
    ['a file that says its type', { type: 'file', data: 'JVBERi0xLjQK' }, 'application/pdf', 'JVBERi0xLjQK'],
  ])('may hold %s', async (_what, part, mediaType, data) => {
    const { request } = await receivedBy(user(part));
    const file = filesIn(request)[0];
    expect(file?.mediaType).toBe(mediaType);
    expect(String(file?.data)).toBe(data);
  });

  it('prints nothing of a file, in a request, a prediction or as JSON', async () => {
    const file = { type: 'file', data: CANARY, mediaType: 'text/plain' };
    const { request, prediction } = await receivedBy(user(file));
    for (const value of [request, prediction]) {
      expect(inspect(value, { depth: 20, showHidden: true })).not.toContain(CANARY);
      expect(JSON.stringify(value)).not.toContain(CANARY);
    }
    expect(JSON.stringify(prediction.query)).toContain('"sizeBytes":18,"sha256":"');
  });

  it('may be asked again as the prediction has it, but not as JSON has it', async () => {
    const file = { type: 'file', data: CANARY, mediaType: 'text/plain' };
    const { prediction } = await receivedBy(user(file));
    const again = await receivedBy(prediction.query);
    expect(filesIn(again.request)[0]?.data).toBe(CANARY);
    await expect(receivedBy(JSON.parse(JSON.stringify(prediction.query)))).rejects.toThrow(
      'data is missing: the part is a description that was read back from JSON',
    );
  });

  it('keeps its place among instructions in the query of a prediction', async () => {
    const system = { role: 'system', content: 'Be brief.' };
    const asked = { role: 'user', content: [{ type: 'image', image: PNG }] };
    const said = { role: 'assistant', content: 'A cat.' };
    const { prediction, request } = await receivedBy({ messages: [asked, system, said, asked] });
    const { messages } = prediction.query as Conversation;
    expect(messages.map(({ role }) => role)).toStrictEqual(['user', 'system', 'assistant', 'user']);
    expect(JSON.parse(JSON.stringify(messages[3]))).toStrictEqual(
      JSON.parse(JSON.stringify(request.messages[2])),
    );
    expect(messages[3]?.content[0]).not.toBe(request.messages[2]?.content[0]);
  });

  it('is cached by the digest of its files', async () => {
    let calls = 0;
    const model = defineModel('a', () => {
      calls += 1;
      return `answer ${calls}`;
    });
    const ensemble = createEnsemble({ models: [model], cache: true });
    const ask = (image: Uint8Array) => ensemble.predict(user({ type: 'image', image }) as Query);
    await ask(PNG);
    expect((await ask(PNG.slice())).answer).toBe('answer 1');
    expect((await ask(Uint8Array.from([...PNG, 5]))).answer).toBe('answer 2');
  });

  it('has the text of its question', () => {
    expect(promptOf(user({ type: 'text', text: 'Which?' }, { type: 'image', image: PNG }) as Query)).toBe(
      'Which?',
    );
  });

  it.each([
    [
      user({ type: 'image_url', image_url: { url: 'https://example.org' } }),
      /here it is { type: 'image', image: url }/,
    ],
    [
      user({ type: 'tool-call' }),
      /content\[0\]\.type must be 'text', 'image', 'file' in a turn of role 'user'/,
    ],
    [
      user({ type: 'image', image: 'file:///etc/passwd' }),
      /image is a URL that no provider fetches; read the file/,
    ],
    [
      user({ type: 'image', image: 'not base64' }),
      /image must be bytes, base64, or a URL, but got a string of 10/,
    ],
    [user({ type: 'image', image: 'data:image/png,x' }), /is a data: URL without valid base64/],
    [user({ type: 'file', data: 'AAAA' }), /mediaType is missing, and the content does not say it/],
    [user({ type: 'file', data: 'https://example.org/a' }), /mediaType is missing/],
    [user({ type: 'image', image: PNG, mediaType: 'png' }), /mediaType must be a media type, such as/],
    [
      { messages: [{ role: 'tool', content: 'x' }] },
      /content must be an array of parts { type: 'tool-result'/,
    ],
    [
      {
        messages: [
          { role: 'system', content: [{ type: 'text', text: 'x' }] },
          { role: 'user', content: '?' },
        ],
      },
      /must be a string/,
    ],
  ])('is refused with its fault: %#', async (query, fault) => {
    await expect(receivedBy(query)).rejects.toThrow(fault);
  });

  it('is refused before anything is sent if it is larger than maxRequestBytes', async () => {
    const query = user({ type: 'image', image: PNG });
    await expect(receivedBy(query, { maxRequestBytes: 15 })).rejects.toThrow(
      'the query has 16 bytes with its files as base64, and "maxRequestBytes" is 15',
    );
    await receivedBy(query, { maxRequestBytes: 15 }, { maxRequestBytes: 16 });
  });
});

describe('tools of a query', () => {
  const ask = { messages: [{ role: 'user', content: '2 + 2?' }] };
  const add = { description: 'Adds', inputSchema: { type: 'object', properties: { a: { type: 'number' } } } };

  it('reach a model with JSON Schemas', async () => {
    const tools = { add, search: { inputSchema: z.object({ term: z.string() }) } };
    const overrides = { normalization: 'lowercaseTrim' };
    const { request } = await receivedBy({ ...ask, tools, toolChoice: 'required' }, {}, overrides);
    expect(request.tools?.add).toStrictEqual(add);
    expect(request.tools?.search?.inputSchema).toMatchObject({
      type: 'object',
      properties: { term: { type: 'string' } },
      required: ['term'],
    });
    expect(request.toolChoice).toBe('required');
  });

  it.each([
    [{ tools: [] }, /tools must be an object { name/],
    [
      { tools: { add: { parameters: {} } } },
      /inputSchema is missing; did you mean "inputSchema" instead of "parameters"/,
    ],
    [{ tools: { add: { inputSchema: 7 } } }, /inputSchema must be a JSON Schema of an object/],
    [{ tools: { 'a.b': add, a_b: add } }, /have the same name where only letters/],
    [{ toolChoice: 'auto' }, /toolChoice has no effect without tools/],
    [{ tools: { add }, toolChoice: { type: 'tool', toolName: 'sub' } }, /toolChoice must be 'auto'/],
  ])('are refused with their fault: %#', async (more, fault) => {
    await expect(receivedBy({ ...ask, ...more })).rejects.toThrow(fault);
  });
});

describe('settings', () => {
  const ask = { messages: [{ role: 'user', content: '2 + 2?' }] };

  it('of a query go before those of the ensemble', async () => {
    const { request } = await receivedBy(
      { ...ask, settings: { temperature: 0 } },
      { settings: { temperature: 1, seed: 7 } },
    );
    expect(request.settings).toStrictEqual({ temperature: 0, seed: 7 });
  });

  it('of the ensemble go with a question in words', async () => {
    const { request } = await receivedBy('2 + 2?', { settings: { topP: 0.5 } });
    expect(request.settings).toStrictEqual({ topP: 0.5 });
  });

  it('are refused with their faults, wherever they are given', async () => {
    const settings = { temperature: 3, top_p: 1 };
    const fault = /settings: option "temperature" must be .*[\s\S]*"top_p"; did you mean "topP"/;
    await expect(receivedBy({ ...ask, settings })).rejects.toThrow(fault);
    expect(() =>
      createEnsemble({ models: [defineModel('a', () => '4')], settings: settings as never }),
    ).toThrow(fault);
  });
});

it('hands the context of a prediction to its models, and keeps it out of the keys of caches', async () => {
  let calls = 0;
  const seen: unknown[] = [];
  const model = defineModel('a', (_prompt, { request }) => {
    seen.push(request.context);
    calls += 1;
    return 'Paris';
  });
  const ensemble = createEnsemble({ models: [model], cache: true });
  await ensemble.predict('Capital?', { context: { user: 1 } });
  await ensemble.predict('Capital?', { context: { user: 2 } });
  for await (const _ of ensemble.predictAll(['Other?'], { context: 'both' }));
  expect(seen).toStrictEqual([{ user: 1 }, 'both']);
  expect(calls).toBe(2);
});

it('gives a normalizer the query and the response of its text', async () => {
  const model = defineModel('a', () => ({ text: 'x', reasoning: 'because', toolCalls: [] }));
  const ensemble = createEnsemble({
    models: [model],
    normalization: (text, { query, response }) => `${text} ${query.prompt} ${response.reasoning}`,
  });
  expect((await ensemble.predict('why?')).answer).toBe('x why? because');
});
