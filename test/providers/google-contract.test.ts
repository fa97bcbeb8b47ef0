import { modelContract } from 'crucible-ensemble/testing';
import { describe, it } from 'vitest';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';

describe('contract', () => {
  for (const { name, run } of [
    ...modelContract({
      name: 'gemini',
      dialect: 'gemini',
      limitations: ['no-headers'],
      createModel: (endpoint) => gemini('gemini-3.5-flash-lite', endpoint),
    }),
    ...modelContract({
      name: 'google-genai',
      dialect: 'gemini',
      createModel: (endpoint) => googleGenAI('gemini-3.5-flash-lite', endpoint),
    }),
  ])
    it(name, run);
});
