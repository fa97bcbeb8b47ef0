import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { describeContract } from './contract.ts';

const api = 'responses';

// The API has no audio.
describeContract({
  'openai, responses': [
    'openai-responses',
    ({ baseURL, apiKey }) => openai('gpt', { api, baseURL: `${baseURL}/v1`, apiKey }),
    'no-audio',
    'no-audio-url',
  ],
  'openai-compatible, responses by undici': [
    'openai-responses',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { api, baseURL: `${baseURL}/v1`, apiKey }),
    'no-audio',
    'no-audio-url',
  ],
  'openai-compatible, responses by fetch': [
    'openai-responses',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { api, baseURL: `${baseURL}/v1`, apiKey, fetch }),
    'no-audio',
    'no-audio-url',
  ],
});
