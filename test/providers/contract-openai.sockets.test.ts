import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { describeContract } from './contract.ts';

describeContract({
  openai: ['openai-chat', ({ baseURL, apiKey }) => openai('gpt', { baseURL: `${baseURL}/v1`, apiKey })],
  'openai-compatible, by undici': [
    'openai-chat',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { baseURL: `${baseURL}/v1`, apiKey }),
  ],
  'openai-compatible, by fetch': [
    'openai-chat',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { baseURL: `${baseURL}/v1`, apiKey, fetch }),
  ],
});
