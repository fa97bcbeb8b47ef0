import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { describeContract } from './contract.ts';

/** What the model cannot be sent, or does not show. */
const limitations = ['no-files', 'no-tools', 'no-settings', 'no-reasoning'] as const;

describeContract({
  gemini: ['gemini', (endpoint) => gemini('gemini-3.5-flash-lite', endpoint), ...limitations],
  'google-genai': ['gemini', (endpoint) => googleGenAI('gemini-3.5-flash-lite', endpoint), ...limitations],
});
