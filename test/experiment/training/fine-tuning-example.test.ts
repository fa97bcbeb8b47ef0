import type { Content } from '@google/genai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type FineTuningFormat,
  fineTuningExample,
  type GeminiExample,
  type OpenAIExample,
} from '../../../src/experiment/experiment.ts';
import { ConfigError, createEnsemble, defineModel, type Prediction, type Query } from '../../../src/index.ts';

const predicted = (query: Query, text = 'It is 4.'): Promise<Prediction> =>
  createEnsemble({ models: [defineModel('a', () => text)], normalization: 'numeric' }).predict(query);

describe('fineTuningExample', () => {
  it('is a chat with the winning text as its last turn for OpenAI', async () => {
    const conversation = { system: 'Be brief.', messages: [{ role: 'user', content: '2 + 2?' }] } as const;
    expect(fineTuningExample(await predicted(conversation), { format: 'openai' })).toStrictEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: '2 + 2?' },
        { role: 'assistant', content: 'It is 4.' },
      ],
    });
  });

  it('is contents with a system instruction for Gemini', async () => {
    const conversation = {
      system: 'Be brief.',
      messages: [
        { role: 'user', content: '1 + 1?' },
        { role: 'assistant', content: '2' },
        { role: 'user', content: '2 + 2?' },
      ],
    } as const;
    const example = fineTuningExample(await predicted(conversation), { format: 'gemini', learn: 'answer' });
    expect(example).toStrictEqual({
      systemInstruction: { role: 'system', parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: '1 + 1?' }] },
        { role: 'model', parts: [{ text: '2' }] },
        { role: 'user', parts: [{ text: '2 + 2?' }] },
        { role: 'model', parts: [{ text: '4' }] },
      ],
    });
  });

  it('fits the types that the providers publish for their turns', () => {
    expectTypeOf<OpenAIExample['messages'][number]>().toExtend<ChatCompletionMessageParam>();
    // Google's types have mutable arrays.
    type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? Mutable<E>[] : T[K] };
    expectTypeOf<Mutable<GeminiExample['contents'][number]>>().toExtend<Content>();
  });

  it.each([
    [
      'turns that do not alternate',
      [
        { role: 'user', content: 'a' },
        { role: 'user', content: 'b' },
      ],
    ],
    [
      'a beginning by the assistant',
      [
        { role: 'assistant', content: 'a' },
        { role: 'user', content: 'b' },
      ],
    ],
    [
      'a turn without text',
      [
        { role: 'user', content: ' ' },
        { role: 'assistant', content: 'a' },
        { role: 'user', content: 'b' },
      ],
    ],
  ] as const)('is nothing for %s', async (_, messages) => {
    const prediction = await predicted({ messages: [...messages] });
    expect(fineTuningExample(prediction, { format: 'gemini' })).toBeUndefined();
    expect(fineTuningExample(prediction, { format: 'openai' })).toBeUndefined();
  });

  it('refuses formats and parts that there are not', async () => {
    const prediction = await predicted('2 + 2?');
    const options = { format: 'claude' as FineTuningFormat, learn: 'all' as 'text' };
    expect(() => fineTuningExample(prediction, options)).toThrow(ConfigError);
    expect(() => fineTuningExample(prediction, options)).toThrow(
      /"format" must be 'openai', 'gemini'.*\n.*"learn"/,
    );
  });
});
