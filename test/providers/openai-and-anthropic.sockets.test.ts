import { LLMock } from '@copilotkit/aimock';
import { type FaultServer, stalledBody, startFaultServer } from 'crucible-ensemble/testing';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnsemble, type Pricing } from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { openai } from '../../src/providers/openai.ts';

let mock: LLMock;
let stalling: FaultServer;
/** What the answer of Claude waits for. */
let beforeClaude: () => Promise<unknown>;

beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  mock.on(
    { model: /^gpt/ },
    { content: 'The answer is 391.', usage: { prompt_tokens: 20, completion_tokens: 6 } },
  );
  beforeClaude = async () => undefined;
  mock.on({ model: /^claude/ }, async () => {
    await beforeClaude();
    return { content: '#### 391', usage: { input_tokens: 30, output_tokens: 4 } };
  });
  [stalling] = await Promise.all([startFaultServer(), mock.start()]);
  stalling.script(stalledBody({ type: 'message', content: [{ type: 'text', text: '391' }] }, 20));
});

afterEach(() => Promise.all([mock.stop(), stalling.close()]));

/** Made-up prices: a dollar for a million of anything, or three for what a model of Anthropic writes. */
const pricing: Pricing = {
  priceOf: ({ provider }, { inputTokens = 0, outputTokens = 0 }) => ({
    usd: (inputTokens + outputTokens * (provider === 'anthropic' ? 3 : 1)) / 1e6,
  }),
  countTokens: (text) => Math.ceil(text.length / 4),
};

const panel = () => [
  openai('gpt-6-luna', { apiKey: 'a key', baseURL: `${mock.url}/v1` }),
  anthropic('claude-haiku-4-5', { apiKey: 'a key', baseURL: mock.url }),
  anthropic('claude-sonnet-5', { apiKey: 'a key', baseURL: stalling.baseURL }),
];

const options = { normalization: 'numeric', strategy: 'majority', earlyStop: 'decided', pricing } as const;

describe('models of OpenAI and Anthropic in one ensemble', () => {
  it('agree, and the call whose answer no longer matters is aborted on the wire', async () => {
    beforeClaude = () => stalling.seen(0);
    const ensemble = createEnsemble({ models: panel(), ...options });
    const { answer, metadata, outcomes } = await ensemble.predict('What is 17 * 23?');
    expect(answer).toBe(391);
    expect(metadata).toMatchObject({ consensus: 1, successes: 2, failures: 0, cancelled: 1 });
    // The server never ends its answer, so only the client can have closed the connection.
    await (await stalling.seen(0)).abandoned;
    // They are in the order in which they came.
    expect(outcomes.toSorted((a, b) => a.index - b.index)).toMatchObject([
      { model: 'openai/gpt-6-luna', status: 'answered', costUsd: 26e-6, costSource: 'reported' },
      { model: 'anthropic/claude-haiku-4-5', status: 'answered', costUsd: 42e-6, costSource: 'reported' },
      // For the question; nothing had been written.
      { model: 'anthropic/claude-sonnet-5', status: 'cancelled', costUsd: 4e-6, costSource: 'estimated' },
    ]);
    expect(metadata.costUsd).toBeCloseTo(72e-6, 12);
    expect([mock.getRequests().length, stalling.requests.length]).toEqual([2, 1]);
  });

  it('stream what they write, each under its name', async () => {
    const ensemble = createEnsemble({ models: panel().slice(0, 2), ...options });
    const events = await lastValueFrom(ensemble.stream('What is 17 * 23?').pipe(toArray()));
    const written = (model: string): string =>
      events.map((event) => (event.type === 'delta' && event.model === model ? event.text : '')).join('');
    expect(written('openai/gpt-6-luna')).toBe('The answer is 391.');
    expect(written('anthropic/claude-haiku-4-5')).toBe('#### 391');
    expect(events.at(-1)).toMatchObject({ type: 'complete', prediction: { answer: 391 } });
  });
});
