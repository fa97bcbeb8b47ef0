import { anthropic } from '../../src/providers/anthropic.ts';
import { describeContract } from './contract.ts';

/** What the model cannot be sent. */
const limitations = ['no-audio', 'no-audio-url', 'no-file-url'] as const;

describeContract({
  anthropic: ['anthropic', ({ baseURL, apiKey }) => anthropic('claude', { baseURL, apiKey }), ...limitations],
});
