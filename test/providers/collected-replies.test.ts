import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Pricing } from '../../src/domain/pricing.ts';
import { createEnsemble } from '../../src/ensemble.ts';
import { type OpenAICompatibleOptions, openaiCompatible } from '../../src/providers/openai-compatible.ts';

/** A reply of a server that somebody reported, and what a call must make of it. */
interface CollectedReply {
  readonly name: string;
  readonly options: OpenAICompatibleOptions;
  readonly reply: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly chunks?: readonly unknown[];
    readonly body?: string;
  };
  readonly right: {
    readonly response?: Readonly<Record<string, unknown>> & { readonly confidenceAbove?: number };
    readonly error?: Readonly<Record<string, unknown>> & { readonly has?: string };
    readonly not?: { readonly vote: unknown };
    readonly priced?: boolean;
  };
}

const file = fileURLToPath(new URL('../../../shared/cases/replies.jsonl', import.meta.url));
const collected: readonly CollectedReply[] = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as CollectedReply)
  : [];

const bodyOf = ({ json, chunks, body }: CollectedReply['reply'], ending: string): string =>
  body ??
  chunks
    ?.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
    .join('')
    .concat(ending) ??
  JSON.stringify(json);

const served =
  (reply: CollectedReply['reply'], ending: string): typeof fetch =>
  async () => {
    const headers = Object.entries(reply.headers ?? {}).map(([name, value]): [string, string] => [
      name,
      value.replace(/^NOW\+(\d+)$/, (_, ms: string) => String(Date.now() + Number(ms))),
    ]);
    const type = reply.chunks === undefined ? 'application/json' : 'text/event-stream';
    return new Response(bodyOf(reply, ending), {
      status: reply.status ?? 200,
      headers: [['content-type', type], ...headers],
    });
  };

const pricing: Pricing = {
  priceOf: (_model, { inputTokens = 0, outputTokens = 0 }) => ({
    usd: (inputTokens + outputTokens) / 1e6,
    isApproximate: false,
  }),
  countTokens: (text) => text.length,
};

const outcomeOf = async ({ options, reply }: CollectedReply, ending: string) => {
  const model = openaiCompatible('m', {
    ...options,
    ...(options.preset === undefined && { baseURL: 'http://localhost/v1' }),
    apiKey: 'a key',
    fetch: served(reply, ending),
  });
  const ensemble = createEnsemble({ models: [model], normalization: 'numeric', pricing, minResponses: 1 });
  if (reply.chunks === undefined) {
    const { outcomes } = await ensemble.predict('6 * 7?').catch((error) => error);
    return outcomes[0];
  }
  for await (const event of ensemble.stream('6 * 7?')) {
    if (event.type === 'complete') return event.prediction.outcomes[0];
  }
  return undefined;
};

describe.skipIf(collected.length === 0)('a reply that somebody reported', () => {
  const rows = collected.map((row) => [row.name, row] as const);

  it.each(rows)('%s', async (_, row) => {
    const { response, error, not, priced } = row.right;
    for (const ending of row.reply.chunks === undefined ? [''] : ['data: [DONE]\n\n', '']) {
      const outcome = await outcomeOf(row, ending);
      const { confidenceAbove, ...parts } = response ?? {};
      if (response !== undefined) expect(outcome.response).toMatchObject(parts);
      if (confidenceAbove !== undefined) expect(outcome.response.confidence).toBeGreaterThan(confidenceAbove);
      if (error !== undefined) {
        const { has, ...parts } = error;
        expect(outcome.error).toMatchObject(parts);
        if (has !== undefined) expect(outcome.error[has]).toBeDefined();
      }
      if (not !== undefined) expect(outcome.answer).not.toBe(not.vote);
      if (priced === true) expect(outcome.costUsd).toBeGreaterThan(0);
    }
  });
});

it.runIf(collected.length === 0)('skips the replies, which are not in ../shared/cases', () => {
  expect(collected).toStrictEqual([]);
});
