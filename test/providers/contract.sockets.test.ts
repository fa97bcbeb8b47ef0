import { type Limitation, type ModelContractOptions, modelContract } from 'crucible-ensemble/testing';
import { describe, it } from 'vitest';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

type Provider = [
  ModelContractOptions['dialect'],
  ModelContractOptions['createModel'],
  ...limitations: Limitation[],
];

// One provider a line.
const providers: Readonly<Record<string, Provider>> = {
  anthropic: ['anthropic', ({ baseURL, apiKey }) => anthropic('claude', { baseURL, apiKey })],
  gemini: ['gemini', (endpoint) => gemini('gemini-3.5-flash-lite', endpoint), 'no-headers'],
  'google-genai': ['gemini', (endpoint) => googleGenAI('gemini-3.5-flash-lite', endpoint)],
  openai: ['openai-chat', ({ baseURL, apiKey }) => openai('gpt', { baseURL: `${baseURL}/v1`, apiKey })],
  'openai-compatible, by undici': [
    'openai-chat',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { baseURL: `${baseURL}/v1`, apiKey }),
  ],
  'openai-compatible, by fetch': [
    'openai-chat',
    ({ baseURL, apiKey }) => openaiCompatible('llama', { baseURL: `${baseURL}/v1`, apiKey, fetch }),
  ],
};

describe.each(Object.entries(providers))('%s', (name, [dialect, createModel, ...limitations]) => {
  for (const { name: title, run } of modelContract({ name, dialect, createModel, limitations })) {
    it(title, run);
  }
});
