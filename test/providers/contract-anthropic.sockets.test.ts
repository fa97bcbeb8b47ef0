import { anthropic } from '../../src/providers/anthropic.ts';
import { describeContract } from './contract.ts';

describeContract({
  anthropic: ['anthropic', ({ baseURL, apiKey }) => anthropic('claude', { baseURL, apiKey })],
});
