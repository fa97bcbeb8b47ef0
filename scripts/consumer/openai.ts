import { openai } from 'crucible-ensemble/openai';
import { answer, events } from './openai-replies.ts';
import { providerChecks } from './provider.ts';

export const checks = providerChecks({
  name: 'openai',
  dialect: 'openai-chat',
  createModel: ({ baseURL, apiKey }) => openai('gpt', { baseURL: `${baseURL}/v1`, apiKey }),
  answer,
  events,
});
