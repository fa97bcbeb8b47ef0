import { describe, expect, it } from 'vitest';
import { internal } from '../../src/domain/internal.ts';
import type { QuerySettings } from '../../src/domain/query-settings.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { ConfigError, type Conversation, InvalidRequestError } from '../../src/index.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { buildRequest, type GoogleRequest, SETTINGS } from '../../src/providers/google/build-request.ts';
import type { GoogleOptions } from '../../src/providers/google/options.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { geminiModel, refusedSettings, takenBy } from '../../src/providers/refused-settings.ts';

const question = { role: 'user', content: 'What did Ada pay?' } as const;
const tools = { 'look.up': { inputSchema: { type: 'object', properties: {} } } };

interface Sent {
  readonly body: GoogleRequest;
  readonly warnings: readonly string[];
}

const send = (modelId: string, query: Partial<Conversation> = {}, options: GoogleOptions = {}): Sent => {
  const warnings: string[] = [];
  const asked = {
    ...toRequest({ messages: [question], ...query }),
    [internal]: { warn: (text: string) => warnings.push(text) },
  };
  const { settings = {} } = query;
  const body = buildRequest(
    asked as never,
    { id: 'm', ...options },
    { settings, known: geminiModel(modelId) },
  );
  return { body, warnings };
};

const turns = (messages: Conversation['messages'], modelId = 'gemini-2.5-flash'): unknown =>
  send(modelId, { messages }).body.contents;

const call = (toolCallId: string, input: unknown) =>
  ({ type: 'tool-call', toolCallId, toolName: 'look.up', input }) as const;

const result = (toolCallId: string, output: object) =>
  ({ type: 'tool-result', toolCallId, toolName: 'look.up', output }) as never;

describe('the turns of a conversation', () => {
  const messages: Conversation['messages'] = [
    question,
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: '' },
        call('a', { n: 1 }),
        call('b', '{"n":2}'),
      ],
    },
    { role: 'tool', content: [result('a', { type: 'text', value: 'nothing' })] },
    { role: 'tool', content: [result('b', { type: 'error-json', value: { code: 4 } })] },
    { role: 'user', content: 'Go on.' },
  ];
  const calls = [
    { functionCall: { id: 'a', name: 'look_up', args: { n: 1 } } },
    { functionCall: { id: 'b', name: 'look_up', args: { n: 2 } } },
  ];

  it('have the results of tools in one turn', () => {
    expect(turns(messages)).toEqual([
      { role: 'user', parts: [{ text: question.content }] },
      { role: 'model', parts: calls },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'look_up', response: { output: 'nothing' } } },
          { functionResponse: { id: 'b', name: 'look_up', response: { error: { code: 4 } } } },
        ],
      },
      { role: 'user', parts: [{ text: 'Go on.' }] },
    ]);
  });

  it.each(['gemini-3-flash-preview', 'gemini-3.8-flash', 'gemini-4-argon', 'gemini-flash-latest'])(
    'have a word for the signature that %s asks of the first call of a turn',
    (modelId) => {
      const signed = { ...calls[0], thoughtSignature: 'skip_thought_signature_validator' };
      expect(turns(messages, modelId)).toMatchObject({ 1: { parts: [signed, calls[1]] } });
    },
  );

  it.each([
    ['image/png', 'aGk=', { inlineData: { mimeType: 'image/png', data: 'aGk=' } }],
    ['audio/wav', 'aGk=', { inlineData: { mimeType: 'audio/wav', data: 'aGk=' } }],
    [
      'application/pdf',
      'https://files.example/a.pdf',
      { fileData: { mimeType: 'application/pdf', fileUri: 'https://files.example/a.pdf' } },
    ],
    ['video/mp4', 'gs://bucket/a.mp4', { fileData: { mimeType: 'video/mp4', fileUri: 'gs://bucket/a.mp4' } }],
    [
      'image/*',
      'https://files.example/a.PNG?b=c.gif',
      { fileData: { mimeType: 'image/png', fileUri: 'https://files.example/a.PNG?b=c.gif' } },
    ],
    [
      'image/*',
      'https://files.example/a.jpg',
      { fileData: { mimeType: 'image/jpeg', fileUri: 'https://files.example/a.jpg' } },
    ],
    [
      'image/*',
      'https://files.example/constructor.constructor',
      { fileData: { mimeType: 'image/jpeg', fileUri: 'https://files.example/constructor.constructor' } },
    ],
  ])('have %s at %s', (mediaType, data, part) => {
    expect(turns([{ role: 'user', content: [{ type: 'file', data, mediaType }] }])).toEqual([
      { role: 'user', parts: [part] },
    ]);
  });

  it('are refused with bytes of an unknown type', () => {
    const ask = (): unknown =>
      turns([{ role: 'user', content: [{ type: 'file', data: 'aGk=', mediaType: 'image/*' }] }]);
    expect(ask).toThrow(InvalidRequestError);
  });
});

describe('the settings', () => {
  it.each<[string, QuerySettings, object, readonly string[]]>([
    [
      'gemini-2.5-flash',
      { temperature: 0.5, topP: 0.9, topK: 3, seed: 7 },
      { temperature: 0.5, topP: 0.9, topK: 3, seed: 7 },
      [],
    ],
    [
      'gemini-2.5-flash',
      { presencePenalty: 1, frequencyPenalty: -1 },
      { presencePenalty: 1, frequencyPenalty: -1 },
      [],
    ],
    [
      'gemini-2.5-flash',
      { stopSequences: ['END'], maxOutputTokens: 9 },
      { stopSequences: ['END'], maxOutputTokens: 9 },
      [],
    ],
    ['gemini-2.5-flash', { reasoningEffort: 'none' }, { thinkingConfig: { thinkingBudget: 0 } }, []],
    [
      'gemini-2.5-flash-lite',
      { reasoningEffort: 'max' },
      { thinkingConfig: { thinkingBudget: 24_576 } },
      ['"max": it was sent as "high"'],
    ],
    [
      'gemini-2.5-pro',
      { reasoningEffort: 'none' },
      { thinkingConfig: { thinkingBudget: 1024 } },
      ['"none": it was sent as "minimal"'],
    ],
    ['gemini-2.5-pro', { reasoningEffort: 'medium' }, { thinkingConfig: { thinkingBudget: 8192 } }, []],
    [
      'gemini-3-pro-preview',
      { reasoningEffort: 'medium' },
      { thinkingConfig: { thinkingLevel: 'LOW' } },
      ['"medium": it was sent as "low"'],
    ],
    [
      'gemini-3-flash-preview',
      { reasoningEffort: 'minimal' },
      { thinkingConfig: { thinkingLevel: 'MINIMAL' } },
      [],
    ],
    [
      'gemini-3.5-flash-lite',
      { reasoningEffort: 'none' },
      { thinkingConfig: { thinkingLevel: 'MINIMAL' } },
      ['"none": it was sent as "minimal"'],
    ],
    [
      'gemini-3.8-flash',
      { reasoningEffort: 'minimal' },
      { thinkingConfig: { thinkingLevel: 'LOW' } },
      ['"minimal": it was sent as "low"'],
    ],
    ['models/gemini-4-argon', { reasoningEffort: 'high' }, { thinkingConfig: { thinkingLevel: 'HIGH' } }, []],
    [
      'gemma-5',
      { reasoningEffort: 'low', temperature: 1 },
      { thinkingConfig: { thinkingLevel: 'LOW' }, temperature: 1 },
      [],
    ],
  ])('of %s: %j are sent as %j', (modelId, settings, config, warned) => {
    const { body, warnings } = send(modelId, { settings });
    expect(body.generationConfig).toEqual(config);
    expect(warnings).toEqual(warned.map((text) => expect.stringContaining(text)));
  });

  it.each([
    ['gemini-3.5-flash-lite', ['maxOutputTokens', 'stopSequences', 'seed', 'reasoningEffort']],
    ['gemini-4-argon', ['maxOutputTokens', 'stopSequences', 'seed', 'reasoningEffort']],
    ['gemini-2.0-flash', SETTINGS.filter((name) => name !== 'reasoningEffort')],
    ['gemini-3.1-pro-preview', SETTINGS],
  ])('that %s is known to refuse or to ignore are no settings of it', (modelId, taken) => {
    const refused = refusedSettings(modelId);
    const left = [...takenBy(SETTINGS, geminiModel(modelId))].filter((name) => !refused.has(name));
    expect(left).toEqual(taken);
  });

  it('go before the options of the model, but for the limit: the smallest holds', () => {
    const settings = { temperature: 0.5, topP: 0.9, maxOutputTokens: 100, reasoningEffort: 'low' } as const;
    const thinkingConfig = { thinkingBudget: 99, includeThoughts: true };
    const generationConfig = { temperature: 1.5, topP: 0.1, topK: 3, thinkingConfig };
    const config = (options: GoogleOptions) =>
      send('gemini-3-flash', { settings }, options).body.generationConfig;
    expect(config({ generationConfig, temperature: 1, maxOutputTokens: 50 })).toEqual({
      temperature: 0.5,
      topP: 0.9,
      topK: 3,
      maxOutputTokens: 50,
      thinkingConfig: { includeThoughts: true, thinkingLevel: 'LOW' },
    });
    expect(config({ maxOutputTokens: 500 }).maxOutputTokens).toBe(100);
    expect(config({}).maxOutputTokens).toBe(100);
  });
});

describe('a schema of the answer', () => {
  const answerSchema = { type: 'object', properties: { sum: { type: 'number' } } };

  it('is left out next to tools for models that take only one of them', () => {
    const config = (modelId: string) => send(modelId, { tools, answerSchema } as object);
    expect(config('gemini-2.5-flash').body.generationConfig).toEqual({});
    expect(config('gemini-2.5-flash').warnings).toEqual([expect.stringContaining('together with tools')]);
    const { body, warnings } = config('gemini-3.8-flash');
    expect(body.generationConfig).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: answerSchema,
    });
    expect(warnings).toEqual([]);
  });
});

describe('parameters', () => {
  it('are merged last: objects field by field, lists one after the other', () => {
    const parameters = {
      safetySettings: [{ category: 'c', threshold: 'OFF' }],
      tools: [{ googleSearch: {} }],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' }, includeServerSideToolInvocations: true },
    };
    expect(send('gemini-3.8-flash', { tools, toolChoice: 'auto' }, { parameters }).body).toMatchObject({
      safetySettings: parameters.safetySettings,
      tools: [{ functionDeclarations: [{ name: 'look_up' }] }, { googleSearch: {} }],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' }, includeServerSideToolInvocations: true },
    });
  });

  it.each([
    'model',
    'contents',
    'systemInstruction',
    'system_instruction',
    'generationConfig',
    'generation_config',
  ])('must not have "%s"', (name) => {
    for (const create of [gemini, googleGenAI])
      expect(() => create('gemini-3.8-flash', { apiKey: 'a key', parameters: { [name]: {} } })).toThrow(
        expect.objectContaining({
          name: ConfigError.name,
          faults: [expect.stringContaining(`option "parameters" must not have "${name}": `)],
        }),
      );
  });
});
