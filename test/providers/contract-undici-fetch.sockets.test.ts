import { anthropic } from '../../src/providers/anthropic.ts';
import { openai } from '../../src/providers/openai.ts';
import { undiciFetch } from '../../src/providers/undici-fetch.ts';
import { describeContract } from './contract.ts';

const fetch = undiciFetch();

describeContract({
  'openai on undiciFetch': [
    'openai-chat',
    ({ baseURL, apiKey }) => openai('gpt', { baseURL: `${baseURL}/v1`, apiKey, fetch }),
    'no-file',
    'no-pdf-url',
    'no-audio-url',
    'no-file-url',
  ],
  'anthropic on undiciFetch': [
    'anthropic',
    ({ baseURL, apiKey }) => anthropic('claude', { baseURL, apiKey, fetch }),
    'no-audio',
    'no-audio-url',
    'no-file-url',
  ],
});
