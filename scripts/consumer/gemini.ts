import { gemini } from 'crucible-ensemble/gemini';
import { answer, events } from './google-replies.ts';
import { providerChecks } from './provider.ts';

export const checks = providerChecks({
  name: 'gemini',
  dialect: 'gemini',
  createModel: (endpoint) => gemini('gemini-3.5-flash-lite', endpoint),
  limitations: ['no-headers'],
  answer,
  events,
});
