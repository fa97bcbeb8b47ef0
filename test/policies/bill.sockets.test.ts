import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenReplies } from '../../bench/chaos/broken-replies.ts';
import { createEnsemble, type Model, type Outcome, type Pricing, type Usage } from '../../src/index.ts';
import { retry, spendingCap } from '../../src/policies/policies.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { anthropic as anthropicMessages } from '../../src/testing/dialects/anthropic.ts';
import { gemini as geminiApi } from '../../src/testing/dialects/gemini.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { openaiResponses } from '../../src/testing/dialects/openai-responses.ts';
import type { WireDialect } from '../../src/testing/dialects/wire-dialect.ts';
import { type FaultServer, json, type SeenRequest, startFaultServer } from '../../src/testing/testing.ts';

/*
 * The referee is a server that bills each request as soon as it generates: the whole limit of tokens that the request
 * has. How the reply then breaks does not change the bill.
 */

const LIMIT = 400;

/** What the provider charges, and what the budget expects: $0.04 for an answer of 400 tokens. */
const usdOf = ({ inputTokens = 0, outputTokens = 0 }: Usage): number =>
  inputTokens * 1e-6 + outputTokens * 1e-4;
const pricing: Pricing = {
  priceOf: (_model, usage) => ({ usd: usdOf(usage) }),
  countTokens: (text) => Math.ceil(text.length / 4),
};

interface Provider {
  readonly dialect: WireDialect;
  readonly create: (baseURL: string, fetch?: typeof globalThis.fetch) => Model;
}

const apiKey = 'k';
const providers: Readonly<Record<string, Provider>> = {
  openai: { dialect: openaiChat, create: (url) => openai('gpt', { baseURL: `${url}/v1`, apiKey }) },
  'openai, responses': {
    dialect: openaiResponses,
    create: (url) => openai('gpt', { api: 'responses', baseURL: `${url}/v1`, apiKey }),
  },
  anthropic: {
    dialect: anthropicMessages,
    create: (baseURL) => anthropic('claude', { baseURL, apiKey }),
  },
  'google-genai': { dialect: geminiApi, create: (baseURL) => googleGenAI('flash', { baseURL, apiKey }) },
  gemini: { dialect: geminiApi, create: (baseURL) => gemini('flash', { baseURL, apiKey }) },
  'openai-compatible, by undici': {
    dialect: openaiChat,
    create: (url) => openaiCompatible('llama', { baseURL: `${url}/v1`, apiKey }),
  },
  'openai-compatible, by fetch': {
    dialect: openaiChat,
    create: (url) => openaiCompatible('llama', { baseURL: `${url}/v1`, apiKey, fetch }),
  },
};

/** The limit of output tokens in a request, whatever its provider calls it. */
const limitIn = ({ json: read }: SeenRequest): number => {
  const sent = read() as Record<string, unknown> & { generationConfig?: { maxOutputTokens?: number } };
  const { max_tokens, max_completion_tokens, max_output_tokens, generationConfig } = sent;
  const limit = max_tokens ?? max_completion_tokens ?? max_output_tokens ?? generationConfig?.maxOutputTokens;
  return typeof limit === 'number' ? limit : expect.fail('a request without a limit');
};

const usage = { inputTokens: 20, outputTokens: LIMIT };
const served = { text: 'Paris', usage };

describe.each(Object.entries(providers))('a cap over %s', (_name, { dialect, create }) => {
  let server: FaultServer;
  let model: Model;

  beforeEach(async () => {
    server = await startFaultServer();
    model = create(server.baseURL);
  });
  afterEach(() => server.close());

  it.each(
    Object.keys(brokenReplies).flatMap((kind) => [[kind, 'whole'] as const, [kind, 'streamed'] as const]),
  )('is never passed by the bill when each reply breaks by %s, %s', async (kind, how) => {
    const isStream = how === 'streamed';
    let billedUsd = 0;
    let count = 0;
    server.answer((request) => {
      const outputTokens = limitIn(request);
      expect(outputTokens).toBe(LIMIT);
      billedUsd += usdOf({ inputTokens: 20, outputTokens });
      count += 1;
      return brokenReplies[kind]?.({ dialect, served, isStream, count }) ?? expect.fail(kind);
    });
    const cap = spendingCap({ maxUsd: 1 });
    const ensemble = createEnsemble({
      models: [model],
      pricing,
      budget: { caps: [cap], maxOutputTokens: LIMIT },
      retry: retry({ maxAttempts: 3, baseDelayMs: 0 }),
      timeoutMs: kind === 'timeout' ? 300 : 20_000,
    });
    const outcomesOf = async (): Promise<readonly Outcome[]> => {
      const predicting = isStream
        ? (async () => {
            for await (const event of ensemble.stream('Capital of France?')) {
              if (event.type === 'complete') return event.prediction;
            }
            return expect.fail('no prediction');
          })()
        : ensemble.predict('Capital of France?');
      return predicting.then(
        ({ outcomes }) => outcomes,
        (error) => error.outcomes,
      );
    };
    const outcomes = (await Promise.all(Array.from({ length: 40 }, outcomesOf))).flat();
    expect(billedUsd).toBeLessThanOrEqual(1);
    // On a busy machine, a call may time out before it is sent.
    if (kind !== 'timeout') expect(billedUsd).toBeGreaterThan(0.9);
    expect(cap.spentUsd()).toBeGreaterThanOrEqual(billedUsd - 1e-9);
    expect(cap.reservedUsd()).toBe(0);
    // No outcome that was sent shows a cost that is sure.
    for (const { costUsd, costSource, model: id } of outcomes) {
      expect(costSource === 'reported' ? costUsd : 0, `${id}, ${costSource}`).toBe(0);
    }
  });

  it('releases what a 429 and a refused connection had reserved', async () => {
    server.answer(() => json(dialect.error(429, 'no'), { status: 429 }));
    const closed = await closedPort();
    // The server has no TLS, so that the handshake fails.
    const handshake = server.baseURL.replace('http:', 'https:');
    for (const refused of [model, ...[closed, handshake, 'http://host.invalid'].map((url) => create(url))]) {
      const cap = spendingCap({ maxUsd: 1 });
      const ensemble = createEnsemble({
        models: [refused],
        pricing,
        budget: { caps: [cap], maxOutputTokens: LIMIT },
      });
      const { outcomes } = await ensemble.predict('Capital of France?').catch((error) => error);
      expect(outcomes).toMatchObject([{ status: 'failed', costUsd: 0, costSource: 'reported' }]);
      expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0, 0]);
    }
  });
});

/** Returns an address at which no server listens. */
const closedPort = (): Promise<string> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(`http://127.0.0.1:${port}`));
    });
  });

describe('a cap of $1', () => {
  it('buys $0.95 of answers while 30 % of the requests meet a 429 and 10 % no server', async () => {
    const server = await startFaultServer();
    const closed = await closedPort();
    let billedUsd = 0;
    let seen = 0;
    server.answer((request) => {
      seen += 1;
      if (seen % 10 < 3) return json(openaiChat.error(429, 'no'), { status: 429 });
      billedUsd += usdOf({ inputTokens: 20, outputTokens: limitIn(request) });
      return json(openaiChat.answer(served));
    });
    let sent = 0;
    const sometimesElsewhere: typeof fetch = (input, init) => {
      sent += 1;
      return fetch(sent % 10 === 0 ? `${closed}/v1/chat/completions` : (input as string), init);
    };
    const model = openaiCompatible('llama', {
      baseURL: `${server.baseURL}/v1`,
      apiKey,
      fetch: sometimesElsewhere,
      maxOutputTokens: LIMIT,
    });
    const cap = spendingCap({ maxUsd: 1 });
    const ensemble = createEnsemble({
      models: [model],
      pricing,
      budget: { caps: [cap] },
      retry: retry({ maxAttempts: 3, baseDelayMs: 0 }),
    });
    let boughtUsd = 0;
    for (let batch = 0; batch < 10; batch += 1) {
      const predictions = Array.from({ length: 10 }, () => ensemble.predict('Capital of France?'));
      for (const result of await Promise.allSettled(predictions)) {
        if (result.status === 'fulfilled') boughtUsd += result.value.metadata.costUsd ?? 0;
      }
    }
    await server.close();
    expect(boughtUsd).toBeGreaterThanOrEqual(0.95);
    expect(boughtUsd).toBeCloseTo(billedUsd, 9);
    expect(billedUsd).toBeLessThanOrEqual(1);
    expect(cap.reservedUsd()).toBe(0);
  });
});
