import { createEnsemble, type Pricing } from '../../src/index.ts';
import { retry, spendingCap } from '../../src/policies/policies.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { startFaultServer } from '../../src/testing/testing.ts';
import { brokenReplies } from './broken-replies.ts';

/** The tokens that each request may write, and writes: $0.01 each time. */
const LIMIT = 100;
const CAP_USD = 1;

const pricing: Pricing = {
  priceOf: (_model, { inputTokens = 0, outputTokens = 0 }) => ({
    usd: inputTokens * 1e-6 + outputTokens * 1e-4,
  }),
  countTokens: (text) => Math.ceil(text.length / 4),
};

/** What one kind of broken reply came to. */
export interface HeldCap {
  readonly kind: string;
  readonly requests: number;
  readonly billedUsd: number;
  readonly countedUsd: number;
}

/**
 * Makes predictions with three attempts each under a cap of $1, for each kind of broken reply, while a server bills each
 * request in full. Without a cap, they would be billed several times as much.
 */
export const holdCaps = async (predictions: number): Promise<readonly HeldCap[]> => {
  const held: HeldCap[] = [];
  for (const [kind, reply] of Object.entries(brokenReplies)) {
    const server = await startFaultServer();
    const served = { text: 'It is 4.', usage: { inputTokens: 20, outputTokens: LIMIT } };
    let billedUsd = 0;
    let requests = 0;
    server.answer((request) => {
      requests += 1;
      const { max_tokens: outputTokens } = request.json() as { max_tokens: number };
      billedUsd += pricing.priceOf({ id: 'any' }, { inputTokens: 20, outputTokens })?.usd ?? 0;
      const isStream = request.body.includes('"stream":true');
      return reply({ dialect: openaiChat, served, isStream, count: requests });
    });
    const cap = spendingCap({ maxUsd: CAP_USD });
    const ensemble = createEnsemble({
      models: [openaiCompatible('llama', { baseURL: `${server.baseURL}/v1`, maxOutputTokens: LIMIT })],
      pricing,
      budget: { caps: [cap] },
      retry: retry({ maxAttempts: 3, baseDelayMs: 0 }),
      timeoutMs: kind === 'timeout' ? 400 : 20_000,
    });
    const ask = async (number: number): Promise<unknown> => {
      const query = `#${number}: What is 2 + 2?`;
      return number % 2 === 0 ? ensemble.predict(query) : ensemble.stream(query).forEach(() => {});
    };
    await Promise.allSettled(Array.from({ length: predictions }, (_, number) => ask(number)));
    await server.close();
    held.push({ kind, requests, billedUsd, countedUsd: cap.spentUsd() });
  }
  return held;
};

/** Says which caps were passed. */
export const passedCaps = (held: readonly HeldCap[]): string[] =>
  held.flatMap(({ kind, billedUsd, countedUsd }) =>
    billedUsd > CAP_USD || billedUsd > countedUsd + 1e-9
      ? [`${kind}: billed ${billedUsd} USD, and counted ${countedUsd} of ${CAP_USD}`]
      : [],
  );
