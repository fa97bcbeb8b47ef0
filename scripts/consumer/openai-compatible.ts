import { openaiCompatible } from 'crucible-ensemble/openai-compatible';
import { answer, events } from './openai-replies.ts';
import { providerChecks } from './provider.ts';

export const checks = providerChecks({
  name: 'openai-compatible',
  dialect: 'openai-chat',
  createModel: ({ baseURL, apiKey }) => openaiCompatible('llama', { baseURL: `${baseURL}/v1`, apiKey }),
  answer,
  events,
});
