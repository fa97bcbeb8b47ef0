import { googleGenAI } from 'crucible-ensemble/google-genai';
import { answer, events } from './google-replies.ts';
import { providerChecks } from './provider.ts';

export const checks = providerChecks({
  name: 'google-genai',
  dialect: 'gemini',
  createModel: (endpoint) => googleGenAI('gemini-3.5-flash-lite', endpoint),
  answer,
  events,
});
