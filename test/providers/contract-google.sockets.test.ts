import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { describeContract } from './contract.ts';

describeContract({
  gemini: ['gemini', (endpoint) => gemini('gemini-3.5-flash-lite', endpoint)],
  'google-genai': ['gemini', (endpoint) => googleGenAI('gemini-3.5-flash-lite', endpoint)],
});
