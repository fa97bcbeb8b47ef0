import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Model } from '../../src/domain/model.ts';
import { providerMetadata, providerWarnings } from '../../src/domain/provider-report.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { encodeEvents, type ServedEvent } from '../../src/testing/replies.ts';
import { divided, type Ending, hear, streamingFetch } from './streaming-fetch.ts';

const network = streamingFetch();

/** A streamed answer, as a provider writes it and as others write it. */
interface Script {
  readonly texts: readonly string[];
  /** The finish reason at the end. Default: that of a whole answer. */
  readonly reason?: unknown;
  /** What stands in place of a finish reason before the end. Default: nothing. */
  readonly early?: unknown;
  readonly usage?: unknown;
}

interface Dialect {
  readonly model: Model;
  readonly events: (script: Script) => ServedEvent[];
  readonly stop: string;
  readonly usage: object;
  /** The names of the counts that its last usage alone has. */
  readonly counts: readonly string[];
  /** Whether the protocol has a last event. */
  readonly hasEnd: boolean;
}

const event = (type: string, rest: object = {}): ServedEvent => ({
  event: type,
  data: JSON.stringify({ type, ...rest }),
});

const messageEvents = ({
  texts,
  early,
  reason = 'end_turn',
  usage = { output_tokens: 7 },
}: Script): ServedEvent[] => [
  event('message_start', { message: { id: 'msg_1', model: 'served', usage: { input_tokens: 5 } } }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('ping'),
  ...texts.flatMap((text) => [
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    ...(early === undefined ? [] : [event('message_delta', { delta: { stop_reason: early } })]),
  ]),
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: reason }, usage }),
  event('message_stop'),
];

const googleUsage = { promptTokenCount: 5, candidatesTokenCount: 7, totalTokenCount: 12 };

const contentEvents = ({ texts, early, reason = 'STOP', usage = googleUsage }: Script): ServedEvent[] =>
  texts.map((text, index) => {
    const isLast = index === texts.length - 1;
    const finishReason = isLast ? reason : early;
    return {
      data: JSON.stringify({
        candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, finishReason }],
        ...(isLast && { usageMetadata: usage }),
      }),
    };
  });

const DIALECTS: Readonly<Record<string, Dialect>> = {
  anthropic: {
    model: anthropic('m', { apiKey: 'a key' }),
    events: messageEvents,
    stop: 'end_turn',
    usage: { output_tokens: 7 },
    counts: ['output_tokens', 'cache_read_input_tokens'],
    hasEnd: true,
  },
  ...Object.fromEntries(
    Object.entries({
      gemini: gemini('m', { apiKey: 'a key', confidence: 'logprobs' }),
      googleGenAI: googleGenAI('m', { apiKey: 'a key', confidence: 'logprobs' }),
    }).map(([name, model]) => [
      name,
      {
        model,
        events: contentEvents,
        stop: 'STOP',
        usage: googleUsage,
        counts: ['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount'],
        hasEnd: false,
      },
    ]),
  ),
};

/** What servers write if the answer has no finish reason yet. */
const NO_REASON = [null, '', 'null', 'None', 'FINISH_REASON_UNSPECIFIED', 0, false, {}, []];

const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 6,
});
const places = fc.array(fc.nat(), { maxLength: 8 });
const endings = fc.constantFrom<Ending>('end', 'reset');
const options = { seed: 12, numRuns: 60 };

beforeAll(() => {
  vi.stubGlobal('fetch', network.fetch);
});

afterAll(() => {
  expect(network.open()).toBe(0);
  vi.unstubAllGlobals();
});

describe.each(Object.entries(DIALECTS))(
  'a stream of %s',
  (_name, { model, events, stop, counts, hasEnd, usage }) => {
    const read = (
      served: readonly ServedEvent[] | Uint8Array,
      ending: Ending = 'end',
      at: readonly number[] = [],
    ) => {
      const bytes = served instanceof Uint8Array ? served : encodeEvents(served);
      void network.serve({ pieces: divided(bytes, at), ending });
      return hear(model);
    };

    it('is the whole answer or a failure, wherever it is divided and cut', async () => {
      await fc.assert(
        fc.asyncProperty(texts, places, fc.nat(), endings, async (pieces, at, cut, ending) => {
          const bytes = encodeEvents(events({ texts: pieces }));
          const whole = pieces.join('');
          const { response, error } = await read(bytes.subarray(0, cut % bytes.length), ending, at);
          if (response === undefined) expect(error).toMatchObject({ isRetryable: true });
          else expect(response).toMatchObject({ text: whole, finishReason: 'stop' });
          const { response: answer, deltas } = await read(bytes, 'end', at);
          expect(answer).toMatchObject({ text: whole, finishReason: 'stop' });
          expect(deltas.join('')).toBe(whole);
        }),
        options,
      );
    });

    it('is over at its end, and not at a word for no finish reason', async () => {
      await fc.assert(
        fc.asyncProperty(texts, fc.constantFrom(...NO_REASON), fc.nat(), async (pieces, early, cut) => {
          const served = events({ texts: pieces, early });
          expect((await read(served)).response).toMatchObject({
            text: pieces.join(''),
            finishReason: 'stop',
          });
          expect((await read(events({ texts: pieces, early, reason: early }))).error).toMatchObject({
            isRetryable: true,
          });
          for (const ending of ['end', 'reset'] as const) {
            const { error } = await read(served.slice(0, cut % served.length), ending);
            expect(error).toMatchObject({ isRetryable: true });
          }
        }),
        options,
      );
    });

    it('is not over at a finish reason that every event has, and fails if its connection breaks', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 6 }),
          fc.nat(),
          async (pieces, cut) => {
            const served = events({ texts: pieces, early: stop });
            expect((await read(served)).response).toMatchObject({
              text: pieces.join(''),
              finishReason: 'stop',
            });
            const { error } = await read(served.slice(0, cut % served.length), 'reset');
            expect(error).toMatchObject({ isRetryable: true });
          },
        ),
        options,
      );
    });

    it('is the whole answer or a failure if events are doubled', async () => {
      await fc.assert(
        fc.asyncProperty(texts, fc.nat({ max: 3 }), async (pieces, fromEnd) => {
          const served = events({ texts: pieces });
          const doubled = Math.max(
            served.length - 1 - fromEnd,
            hasEnd ? served.length - 2 : served.length - 1,
          );
          const { response, error } = await read([...served.slice(0, doubled + 1), ...served.slice(doubled)]);
          if (response === undefined) expect(error).toMatchObject({ isRetryable: true });
          else expect(response.text).toBe(pieces.join(''));
        }),
        options,
      );
    });

    it('counts with an odd usage, which is unknown and warned of', async () => {
      const odd = fc.constantFrom(-1, '7', true, 0.5, 1e300, [], { a: 1 });
      await fc.assert(
        fc.asyncProperty(texts, fc.constantFrom(...counts), odd, async (pieces, name, value) => {
          const { response } = await read(events({ texts: pieces, usage: { ...usage, [name]: value } }));
          expect(response).toMatchObject({ text: pieces.join(''), finishReason: 'stop' });
          expect(providerWarnings(response)).toHaveLength(1);
        }),
        options,
      );
    });

    it('tells a word that is not known, which is no vote', async () => {
      const { response } = await read(events({ texts: ['391'], reason: 'gave_up' }));
      expect(response).toMatchObject({ text: '391', finishReason: 'other' });
      expect(providerMetadata(response)?.finishReason).toBe('gave_up');
    });

    it('keeps a finish reason that a normal end follows', async () => {
      const { response } = await read(events({ texts: ['3', '91'], early: 'max_tokens' }));
      expect(response).toMatchObject({ text: '391', finishReason: 'length' });
    });

    it('fails if the provider says so in its finish reason', async () => {
      const { error } = await read(events({ texts: ['391'], reason: 'network_error' }));
      expect(error).toMatchObject({ name: 'ProviderError', status: 200, isRetryable: true });
    });

    it('leaves no connection open, wherever it is given up', async () => {
      await fc.assert(
        fc.asyncProperty(
          texts,
          fc.nat(),
          fc.nat({ max: 30 }),
          fc.constantFrom<Ending>('end', 'reset', 'open'),
          async (pieces, cut, turns, ending) => {
            const bytes = encodeEvents(events({ texts: pieces }));
            void network.serve({ pieces: divided(bytes.subarray(0, cut % bytes.length), [9, 99]), ending });
            const subscription = model
              .call({ prompt: '?', messages: [{ role: 'user', content: '?' }], wantsDeltas: true })
              .subscribe({ error: () => undefined });
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
            subscription.unsubscribe();
            await new Promise((resolve) => setImmediate(resolve));
            expect(network.open()).toBe(0);
          },
        ),
        options,
      );
    });
  },
);
