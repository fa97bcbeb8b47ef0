import { anthropic } from '../../src/providers/anthropic.ts';
import { describeContract } from './contract.ts';

/** What the model cannot be sent, or does not show. */
const limitations = ['no-files', 'no-tools', 'no-settings', 'no-reasoning'] as const;

describeContract({
  anthropic: ['anthropic', ({ baseURL, apiKey }) => anthropic('claude', { baseURL, apiKey }), ...limitations],
});
