import { describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { buildRequest } from '../../src/providers/google/build-request.ts';
import { openai } from '../../src/providers/openai.ts';
import type { OpenAICompatibleOptions } from '../../src/providers/openai-compatible/options.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

type Sent = Readonly<Record<string, unknown>>;

/** Calls a model with a limit in the request, and returns what it sent, or the error of the call. */
const sentBy = async (options: OpenAICompatibleOptions, maxOutputTokens?: number): Promise<Sent> => {
  let sent: Sent = {};
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    sent = JSON.parse(String(init?.body));
    return new Response('{}');
  };
  const model = openaiCompatible('m', {
    preset: 'vllm',
    ...options,
    fetch: fetch as typeof globalThis.fetch,
  });
  const request = { ...toRequest('?'), ...(maxOutputTokens !== undefined && { maxOutputTokens }) };
  return new Promise((resolve) => {
    model.call(request).subscribe({
      error: (error) =>
        resolve(
          error.name === 'InvalidRequestError' ? { refused: error.message, costUsd: error.costUsd } : sent,
        ),
    });
  });
};

const fieldsOf = ({ model: _model, messages: _messages, ...fields }: Sent): Sent => fields;

describe('the limit of a request', () => {
  it.each<readonly [what: string, options: OpenAICompatibleOptions, limit: number | undefined, sent: Sent]>([
    ['no limit at all', {}, undefined, {}],
    ['the limit of the model', { maxOutputTokens: 50 }, undefined, { max_tokens: 50 }],
    ['the limit of the request', {}, 40, { max_tokens: 40 }],
    ['the smaller one', { maxOutputTokens: 50 }, 40, { max_tokens: 40 }],
    ['the smaller one, of the model', { maxOutputTokens: 30 }, 40, { max_tokens: 30 }],
    ['the field of the server', { preset: 'groq', apiKey: 'k' }, 40, { max_completion_tokens: 40 }],
    [
      'every field that the user set',
      { parameters: { max_tokens: 500, max_completion_tokens: 30 } },
      40,
      { max_tokens: 40, max_completion_tokens: 30 },
    ],
    ['a field without end', { parameters: { n_predict: -1 } }, 40, { n_predict: 40 }],
    ['a field of another type', { parameters: { max_tokens: null } }, 40, { max_tokens: 40 }],
    ['a share for each of several answers', { parameters: { n: 4 } }, 42, { n: 4, max_tokens: 10 }],
    ['a share for the best of several', { parameters: { best_of: 2 } }, 42, { best_of: 2, max_tokens: 21 }],
    [
      'nothing, for more answers than tokens',
      { parameters: { n: 4 } },
      3,
      {
        refused: 'vllm/m: "maxOutputTokens" is 3 for 4 answers: raise it, or ask for fewer answers',
        costUsd: 0,
      },
    ],
  ])('of an OpenAI-compatible server sends %s', async (_what, options, limit, sent) => {
    expect(fieldsOf(await sentBy(options, limit))).toStrictEqual(sent);
  });

  it.each<readonly [what: string, options: object, limit: number | undefined, sent: number | undefined]>([
    ['no limit at all', {}, undefined, undefined],
    ['the limit of the model', { maxOutputTokens: 50 }, undefined, 50],
    ['the limit of the request', {}, 40, 40],
    ['the smaller one', { generationConfig: { maxOutputTokens: 50 } }, 40, 40],
    ['the smaller one, of the model', { maxOutputTokens: 30 }, 40, 30],
    ['a share for each candidate', { generationConfig: { candidateCount: 3 } }, 40, 13],
  ])('of Google sends %s', (_what, options, limit, sent) => {
    const request = { ...toRequest('?'), ...(limit !== undefined && { maxOutputTokens: limit }) };
    expect(buildRequest(request, options).generationConfig.maxOutputTokens).toBe(sent);
  });

  it.each([
    [undefined, undefined, { openai: undefined, anthropic: 4096 }],
    [50, undefined, { openai: 50, anthropic: 50 }],
    [undefined, 40, { openai: 40, anthropic: 40 }],
    [50, 40, { openai: 40, anthropic: 40 }],
    [30, 40, { openai: 30, anthropic: 30 }],
  ])('of OpenAI and Anthropic, with %s of the model and %s of the request', async (own, limit, expected) => {
    const sent: Record<string, unknown> = {};
    const clientOf = (name: string) => ({
      create: (body: Sent) => {
        sent[name] = body.max_completion_tokens ?? body.max_tokens;
        return { withResponse: () => Promise.reject(new Error('enough')) };
      },
    });
    const options = own === undefined ? {} : { maxOutputTokens: own };
    const models = [
      openai('m', { ...options, client: { chat: { completions: clientOf('openai') } } as never }),
      anthropic('m', { ...options, client: { messages: clientOf('anthropic') } as never }),
    ];
    const request = { ...toRequest('?'), ...(limit !== undefined && { maxOutputTokens: limit }) };
    for (const model of models) {
      await new Promise<void>((resolve) => {
        model.call(request).subscribe({ error: () => resolve() });
      });
    }
    expect(sent).toStrictEqual(expected);
  });
});
