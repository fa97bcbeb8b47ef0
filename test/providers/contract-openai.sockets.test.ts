import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { describeContract } from './contract.ts';

/** What the model cannot be sent, or does not show. */
const limitations = ['no-pdf-url', 'no-audio-url', 'no-file-url'] as const;

describeContract({
  openai: [
    'openai-chat',
    ({ baseURL, apiKey }) => openai('gpt', { baseURL: `${baseURL}/v1`, apiKey }),
    'no-file',
    ...limitations,
  ],
  'openai-compatible, by undici': [
    'openai-chat',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { baseURL: `${baseURL}/v1`, apiKey }),
    ...limitations,
  ],
  'openai-compatible, by fetch': [
    'openai-chat',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { baseURL: `${baseURL}/v1`, apiKey, fetch }),
    ...limitations,
  ],
});
