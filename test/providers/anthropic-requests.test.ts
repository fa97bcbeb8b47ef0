import { describe, expect, it } from 'vitest';
import { internal } from '../../src/domain/internal.ts';
import type { QuerySettings } from '../../src/domain/query-settings.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { ConfigError, type Conversation, InvalidRequestError } from '../../src/index.ts';
import { type BodyOptions, requestBody, SETTINGS } from '../../src/providers/anthropic/request-body.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { claudeModel, refusedSettings, takenBy } from '../../src/providers/refused-settings.ts';

const question = { role: 'user', content: 'What did Ada pay?' } as const;
const tools = { 'look.up': { inputSchema: { type: 'object', properties: {} } } };

interface Sent {
  readonly body: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

const send = async (
  modelId: string,
  query: Partial<Conversation> = {},
  options: Partial<BodyOptions> = {},
): Promise<Sent> => {
  const warnings: string[] = [];
  const request = {
    ...toRequest({ messages: [question], ...query }),
    [internal]: { warn: (text: string) => warnings.push(text) },
  };
  const known = claudeModel(modelId);
  const exchange = { request: request as never, settings: query.settings ?? {} };
  const body = await requestBody(exchange, { id: 'm', modelId, maxOutputTokens: 4096, known, ...options });
  return { body: { ...body }, warnings };
};

const turns = async (messages: Conversation['messages']): Promise<unknown> =>
  (await send('claude-opus-5-5', { messages })).body.messages;

const call = (toolCallId: string, input: unknown) =>
  ({ type: 'tool-call', toolCallId, toolName: 'look.up', input }) as const;

const result = (toolCallId: string, output: object) =>
  ({ type: 'tool-result', toolCallId, toolName: 'look.up', output }) as never;

describe('the turns of a conversation', () => {
  it('have the results of tools, and what follows them, in one turn of the user', async () => {
    const messages: Conversation['messages'] = [
      question,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.' },
          call('a', { n: 1 }),
          call('b', '{"n":2}'),
          call('c', 7),
        ],
      },
      { role: 'tool', content: [result('a', { type: 'text', value: 'nothing' })] },
      { role: 'tool', content: [result('b', { type: 'error-json', value: { code: 4 } })] },
      { role: 'tool', content: [result('c', { type: 'error-text', value: 'lost' })] },
      { role: 'user', content: 'Go on.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '   ' },
          { type: 'text', text: 'Please.' },
        ],
      },
    ];
    expect(await turns(messages)).toEqual([
      question,
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'look_up', input: { n: 1 } },
          { type: 'tool_use', id: 'b', name: 'look_up', input: { n: 2 } },
          { type: 'tool_use', id: 'c', name: 'look_up', input: { input: 7 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'nothing' },
          { type: 'tool_result', tool_use_id: 'b', content: '{"code":4}', is_error: true },
          { type: 'tool_result', tool_use_id: 'c', content: 'lost', is_error: true },
          { type: 'text', text: 'Go on.' },
          { type: 'text', text: 'Please.' },
        ],
      },
    ]);
  });

  it('are left out if nothing of them can be sent', async () => {
    const thought = { role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }] } as const;
    expect(await turns([question, thought, question])).toEqual([question, question]);
  });

  it.each([
    ['image/png', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } }],
    ['image/jpg', { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'aGk=' } }],
    [
      'application/pdf',
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'aGk=' },
        title: 'f',
      },
    ],
    [
      'text/csv',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' }, title: 'f' },
    ],
    [
      'application/ld+json',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' }, title: 'f' },
    ],
  ])('have a file of the type %s', async (mediaType, block) => {
    const file = { type: 'file', data: 'aGk=', mediaType, filename: 'f' } as const;
    expect(await turns([{ role: 'user', content: [file] }])).toEqual([{ role: 'user', content: [block] }]);
  });

  it('have texts of files as they are', async () => {
    const data = new TextEncoder().encode('Grüße 🦊');
    const sent = await turns([{ role: 'user', content: [{ type: 'file', data, mediaType: 'text/plain' }] }]);
    expect(JSON.stringify(sent)).toContain('"Grüße 🦊"');
  });

  it.each([
    ['image/tiff', 'aGk=', 'image/tiff, but image/jpeg, image/png, image/gif, image/webp'],
    ['application/zip', 'aGk=', 'files of the type application/zip'],
    ['application/xmlish', 'aGk=', 'files of the type application/xmlish'],
    ['image/png', 'gs://bucket/a.png', 'URLs other than those of the web'],
    ['text/csv', 'https://files.example/a.csv', 'URLs of text/csv'],
  ])('are refused with %s at %s', async (mediaType, data, what) => {
    const sending = turns([{ role: 'user', content: [{ type: 'file', data, mediaType }] }]);
    await expect(sending).rejects.toThrow(InvalidRequestError);
    await expect(sending).rejects.toMatchObject({ message: expect.stringContaining(what), costUsd: 0 });
  });

  it('are refused with a file that the model wrote', async () => {
    const file = { type: 'file', data: 'aGk=', mediaType: 'image/png' } as const;
    await expect(turns([question, { role: 'assistant', content: [file] }, question])).rejects.toThrow(
      'files of its own turns',
    );
  });
});

describe('the settings', () => {
  it.each<[string, QuerySettings, object, readonly string[]]>([
    ['claude-haiku-4-5', { temperature: 0.5, topK: 3 }, { temperature: 0.5, top_k: 3 }, []],
    ['claude-haiku-4-5', { temperature: 0.5, topP: 0.9 }, { temperature: 0.5 }, ['"topP" next to']],
    ['claude-haiku-4-5', { temperature: 1.5, topP: 0.9 }, { top_p: 0.9 }, ['"temperature" above 1']],
    ['claude-3-5-haiku-20241022', { temperature: 0.5, topP: 0.9 }, { temperature: 0.5, top_p: 0.9 }, []],
    ['claude-sonnet-4-20250514', { temperature: 0.5, topP: 0.9 }, { temperature: 0.5, top_p: 0.9 }, []],
    ['claude-opus-4-1-20250805', { temperature: 0.5, topP: 0.9 }, { temperature: 0.5 }, ['"topP" next to']],
    [
      'claude-sonnet-4-6',
      { temperature: 0.5, reasoningEffort: 'high' },
      { output_config: { effort: 'high' }, thinking: { type: 'adaptive' } },
      ['"temperature" while it reasons'],
    ],
    ['claude-sonnet-4-6', { temperature: 0.5, reasoningEffort: 'none' }, { temperature: 0.5 }, []],
    [
      'claude-sonnet-4-6',
      { reasoningEffort: 'xhigh' },
      { output_config: { effort: 'high' }, thinking: { type: 'adaptive' } },
      ['"xhigh": it was sent as "high"'],
    ],
    [
      'claude-opus-4-5',
      { reasoningEffort: 'max' },
      { output_config: { effort: 'high' } },
      ['"max": it was sent as "high"'],
    ],
    [
      'claude-opus-4-8',
      { reasoningEffort: 'xhigh' },
      { output_config: { effort: 'xhigh' }, thinking: { type: 'adaptive' } },
      [],
    ],
    ['claude-haiku-5-5', { reasoningEffort: 'none' }, { thinking: { type: 'disabled' } }, []],
    [
      'claude-haiku-5-5',
      { reasoningEffort: 'minimal' },
      { output_config: { effort: 'low' } },
      ['"minimal": it was sent as "low"'],
    ],
    ['claude-sonnet-5-5', { reasoningEffort: 'none' }, { thinking: { type: 'between_tools' } }, []],
    [
      'claude-opus-5-5',
      { reasoningEffort: 'none' },
      { output_config: { effort: 'low' } },
      ['"none": it was sent as "low"'],
    ],
    [
      'claude-mythos-preview',
      { reasoningEffort: 'none' },
      { output_config: { effort: 'low' } },
      ['"none": it was sent as "low"'],
    ],
    [
      'kimi-k3',
      { reasoningEffort: 'none', temperature: 0.5, topP: 0.9 },
      { thinking: { type: 'disabled' }, temperature: 0.5, top_p: 0.9 },
      [],
    ],
    ['claude-opus-5-5', { stopSequences: ['END', '\n'] }, { stop_sequences: ['END'] }, ['blank texts']],
    ['claude-opus-5-5', { stopSequences: ['\n'] }, {}, ['blank texts']],
  ])('of %s: %j are sent as %j', async (modelId, settings, fields, warned) => {
    const { body, warnings } = await send(modelId, { settings });
    const { model: _, max_tokens: _limit, messages: _messages, ...rest } = body;
    expect(rest).toEqual(fields);
    expect(warnings).toEqual(warned.map((text) => expect.stringContaining(text)));
  });

  it.each([
    ['claude-opus-4-7', ['maxOutputTokens', 'stopSequences', 'reasoningEffort']],
    ['anthropic/claude-opus-4.8', ['maxOutputTokens', 'stopSequences', 'reasoningEffort']],
    ['us.anthropic.claude-sonnet-5-v1:0', ['maxOutputTokens', 'stopSequences', 'reasoningEffort']],
    ['claude-haiku-4-5', ['maxOutputTokens', 'temperature', 'topP', 'topK', 'stopSequences']],
    [
      'claude-opus-4-6',
      ['maxOutputTokens', 'temperature', 'topP', 'topK', 'stopSequences', 'reasoningEffort'],
    ],
  ])('that %s is known to refuse are no settings of it', (modelId, taken) => {
    const refused = refusedSettings(modelId);
    const left = [...takenBy(SETTINGS, claudeModel(modelId))].filter((name) => !refused.has(name));
    expect(left).toEqual(taken);
  });

  it('limit the output together with the option and a budget: the smallest holds', async () => {
    const limit = async (maxOutputTokens: number, setting?: number): Promise<unknown> => {
      const settings = setting === undefined ? {} : { maxOutputTokens: setting };
      return (await send('claude-opus-5-5', { settings }, { maxOutputTokens })).body.max_tokens;
    };
    expect([await limit(100), await limit(100, 50), await limit(100, 500)]).toEqual([100, 50, 100]);
  });

  it('go before the effort of the model', async () => {
    const effort = 'max';
    const own = await send('claude-haiku-5-5', {}, { effort });
    expect(own.body.output_config).toEqual({ effort });
    const low = await send('claude-haiku-5-5', { settings: { reasoningEffort: 'low' } }, { effort });
    expect(low.body.output_config).toEqual({ effort: 'low' });
    const none = await send('claude-haiku-5-5', { settings: { reasoningEffort: 'none' } }, { effort });
    expect(none.body.output_config).toBeUndefined();
  });
});

describe('the choice of a tool', () => {
  const forced = { tools, toolChoice: { type: 'tool', toolName: 'look.up' } } as const;
  const own = { type: 'tool', name: 'look_up' };

  it.each<[string, QuerySettings, object, object | undefined, readonly string[]]>([
    ['claude-haiku-4-5', {}, own, undefined, []],
    ['claude-opus-4-8', {}, own, undefined, []],
    [
      'claude-opus-4-8',
      { reasoningEffort: 'low' },
      { type: 'auto' },
      { type: 'adaptive' },
      ['cannot be forced'],
    ],
    ['claude-haiku-5-5', {}, own, { type: 'disabled' }, ['does not reason, because']],
    ['claude-haiku-5-5', { reasoningEffort: 'none' }, own, { type: 'disabled' }, []],
    ['claude-haiku-5-5', { reasoningEffort: 'low' }, { type: 'auto' }, undefined, ['cannot be forced']],
    [
      'claude-sonnet-5-5',
      { reasoningEffort: 'none' },
      { type: 'auto' },
      { type: 'between_tools' },
      ['cannot be forced'],
    ],
    ['claude-opus-5-5', {}, { type: 'auto' }, undefined, ['cannot be forced']],
    ['kimi-k3', { reasoningEffort: 'low' }, own, undefined, []],
  ])('of %s with %j is sent as %j', async (modelId, settings, choice, thinking, warned) => {
    const { body, warnings } = await send(modelId, { ...forced, settings });
    expect(body.tool_choice).toEqual(choice);
    expect(body.thinking).toEqual(thinking);
    expect(warnings).toEqual(warned.map((text) => expect.stringContaining(text)));
  });

  it('is sent as it is if it forces nothing', async () => {
    for (const toolChoice of ['auto', 'none'] as const) {
      const { body, warnings } = await send('claude-opus-5-5', { tools, toolChoice });
      expect([body.tool_choice, warnings]).toEqual([{ type: toolChoice }, []]);
    }
    expect((await send('claude-opus-5-5', { tools })).body.tool_choice).toBeUndefined();
  });
});

describe('parameters', () => {
  it('are merged before the settings of a query', async () => {
    const parameters = {
      temperature: 1,
      top_p: 0.1,
      stop_sequences: ['A'],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'max' },
    };
    const own = await send('claude-opus-4-6', {}, { parameters });
    expect(own.body).toMatchObject(parameters);
    const settings = { stopSequences: ['B'], reasoningEffort: 'low' } as const;
    expect((await send('claude-opus-4-6', { settings }, { parameters })).body).toMatchObject({
      stop_sequences: ['B'],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'low' },
    });
    const none = await send('claude-haiku-5-5', { settings: { reasoningEffort: 'none' } }, { parameters });
    expect(none.body.thinking).toEqual({ type: 'disabled' });
    expect(none.body.output_config).toEqual({});
    const off = await send(
      'claude-opus-4-6',
      { settings: { reasoningEffort: 'none', temperature: 0.5 } },
      { parameters },
    );
    expect(off.body.thinking).toBeUndefined();
    expect(off.body.temperature).toBe(0.5);
  });

  it('are merged last: objects field by field, lists one after the other', async () => {
    const parameters = {
      cache_control: { type: 'ephemeral' },
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      output_config: { effort: 'low' },
      temperature: null,
    };
    const answerSchema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] };
    const { body } = await send('claude-opus-5-5', { tools, answerSchema } as object, {
      parameters,
      effort: 'max',
    });
    expect(body).toMatchObject({
      cache_control: { type: 'ephemeral' },
      tools: [{ name: 'look_up' }, { name: 'web_search' }],
      output_config: { effort: 'low', format: { type: 'json_schema' } },
      temperature: null,
    });
  });

  it.each(['model', 'messages', 'system', 'stream', 'max_tokens'])('must not have "%s"', (name) => {
    expect(() => anthropic('claude-opus-5-5', { apiKey: 'a key', parameters: { [name]: 1 } })).toThrow(
      expect.objectContaining({
        name: ConfigError.name,
        faults: [expect.stringContaining(`option "parameters" must not have "${name}": `)],
      }),
    );
  });

  it('are part of the settings that a journal knows', () => {
    const parameters = { service_tier: 'standard_only' };
    expect(anthropic('claude-opus-5-5', { apiKey: 'a key', parameters }).settings).toMatchObject({
      parameters,
    });
  });
});
