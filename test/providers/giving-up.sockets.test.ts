import { channel } from 'node:diagnostics_channel';
import { GoogleGenAI } from '@google/genai';
import { eventStream, type FaultServer, startFaultServer } from 'crucible-ensemble/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Model } from '../../src/domain/model.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { anthropic as anthropicDialect } from '../../src/testing/dialects/anthropic.ts';
import { gemini as geminiDialect } from '../../src/testing/dialects/gemini.ts';

const apiKey = 'a key';

const PROVIDERS = {
  anthropic: [anthropicDialect, (baseURL: string) => anthropic('m', { apiKey, baseURL })],
  gemini: [geminiDialect, (baseURL: string) => gemini('m', { apiKey, baseURL })],
  googleGenAI: [geminiDialect, (baseURL: string) => googleGenAI('m', { apiKey, baseURL })],
  'googleGenAI with a client': [
    geminiDialect,
    (baseUrl: string) =>
      googleGenAI('m', { client: new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl } }) }),
  ],
} as const;

/** Gives a call up after so many turns of the event loop, or at so many deltas if they come before. */
const giveUp = (model: Model, wantsDeltas: boolean, turns: number, deltas: number): Promise<void> =>
  new Promise((resolve) => {
    let left = deltas;
    const subscription = model.call({ ...toRequest('?'), wantsDeltas }).subscribe({
      next: () => {
        left -= 1;
        if (left === 0) subscription.unsubscribe();
      },
      error: () => undefined,
    });
    subscription.add(resolve);
    const wait = (more: number): void => {
      if (more === 0) subscription.unsubscribe();
      else setImmediate(wait, more - 1);
    };
    wait(turns);
  });

describe.each(Object.entries(PROVIDERS))('calls of %s that are given up', (_name, [dialect, create]) => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer();
  });

  afterEach(() => server.close());

  it('leave no connection, no listener and no rejection behind, wherever they are', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', listener);
    const model = create(server.baseURL);
    const events = dialect.events({
      text: 'a long answer in pieces',
      usage: { inputTokens: 1, outputTokens: 2 },
    });
    const length = events.reduce((sum, { data }) => sum + data.length, 0);
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.boolean(),
          fc.nat({ max: 60 }),
          fc.integer({ min: 1, max: 8 }),
          fc.integer({ min: 1, max: length }),
          fc.constantFrom('end', 'reset', 'stall'),
          async (wantsDeltas, turns, deltas, endAt, ending) => {
            const index = server.requests.length;
            server.script(eventStream(events, { splitEvery: 40, endAt, ending }));
            await giveUp(model, wantsDeltas, turns, deltas);
            const request = server.requests[index];
            if (request !== undefined && ending === 'stall') await request.abandoned;
          },
        ),
        { seed: 12, numRuns: 60 },
      );
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(rejections).toEqual([]);
      expect(channel('undici:request:create').hasSubscribers).toBe(false);
    } finally {
      process.off('unhandledRejection', listener);
    }
  });
});
