// CPU time of reading a stream, for each piece of it, with 2,000, 8,000 and 32,000 pieces: it must not grow with their
// number. Every provider reads its own dialect, in three shapes: an event in each piece, a byte in each piece, and one
// event without an end. The pieces come from memory through a `fetch`, so that nothing but the reading is counted.
//   node bench/streams.ts [part of a provider's name]
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Model } from '../src/domain/model.ts';
import { anthropic } from '../src/providers/anthropic.ts';
import { gemini } from '../src/providers/gemini.ts';
import { googleGenAI } from '../src/providers/google-genai.ts';
import { openai } from '../src/providers/openai.ts';
import { openaiCompatible } from '../src/providers/openai-compatible.ts';
import { anthropic as anthropicDialect } from '../src/testing/dialects/anthropic.ts';
import { gemini as geminiDialect } from '../src/testing/dialects/gemini.ts';
import { openaiChat } from '../src/testing/dialects/openai-chat.ts';
import { openaiResponses } from '../src/testing/dialects/openai-responses.ts';
import type { WireDialect } from '../src/testing/dialects/wire-dialect.ts';
import { encodeEvents } from '../src/testing/replies.ts';

const COUNTS = [2000, 8000, 32_000] as const;
const ROUNDS = 5;
/** The most that a piece of the longest stream may cost, as a ratio to a piece of the shortest one. */
const LIMIT = 1.5;

const apiKey = 'a key';
/** A limit above every stream, so that the reading is measured and not the refusal. */
const maxResponseBytes = 2 ** 30;

const PROVIDERS: Readonly<Record<string, { readonly dialect: WireDialect; readonly model: Model }>> = {
  openai: { dialect: openaiChat, model: openai('m', { apiKey, maxResponseBytes }) },
  'openai, responses': {
    dialect: openaiResponses,
    model: openai('m', { api: 'responses', apiKey, maxResponseBytes }),
  },
  openaiCompatible: {
    dialect: openaiChat,
    model: openaiCompatible('m', {
      baseURL: 'http://localhost/v1',
      maxResponseBytes,
      fetch: (...request) => globalThis.fetch(...request),
    }),
  },
  anthropic: { dialect: anthropicDialect, model: anthropic('m', { apiKey, maxResponseBytes }) },
  googleGenAI: { dialect: geminiDialect, model: googleGenAI('m', { apiKey, maxResponseBytes }) },
  gemini: { dialect: geminiDialect, model: gemini('m', { apiKey, maxResponseBytes }) },
};

/** The events of an answer of so many characters; the text of each event has four of them. */
const eventsOf = (dialect: WireDialect, characters: number) =>
  dialect.events({ text: 'abcd'.repeat(characters / 4), usage: { inputTokens: 11, outputTokens: 7 } });

const SHAPES: Readonly<Record<string, (dialect: WireDialect, count: number) => Uint8Array[]>> = {
  'an event a piece': (dialect, count) => eventsOf(dialect, count * 4).map((event) => encodeEvents([event])),
  'a byte a piece': (dialect, count) => {
    // An event has more than 50 bytes, so there are enough of them; the stream is cut after `count` bytes.
    const bytes = encodeEvents(eventsOf(dialect, (count / 50) * 4));
    return Array.from(bytes.subarray(0, count), (byte) => Uint8Array.of(byte));
  },
  'no end': (dialect, count) => {
    const [first] = eventsOf(dialect, 4);
    const piece = new TextEncoder().encode('x'.repeat(256));
    const head = new TextEncoder().encode(`data: ${first?.data.slice(0, -4)}`);
    return [head, ...Array.from({ length: count }, () => piece)];
  },
};

/** The pieces of the stream that is served. */
let served: readonly Uint8Array[] = [];

// Before the models are used, because clients keep the `fetch` that they find.
globalThis.fetch = async () => {
  const pieces = served.values();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
};

/** Reads a stream to its end, whatever that is, and returns the CPU time in microseconds. */
const readMicros = async (model: Model, pieces: readonly Uint8Array[]): Promise<number> => {
  served = pieces;
  const messages = [{ role: 'user', content: '?' }] as const;
  const before = process.cpuUsage();
  await new Promise<void>((resolve) => {
    const end = (): void => resolve();
    model.call({ prompt: '?', messages, wantsDeltas: true }).subscribe({ error: end, complete: end });
  });
  const { user, system } = process.cpuUsage(before);
  await nextTurn();
  return user + system;
};

const isHopeless = ([first = 0, second = 0]: readonly number[]): boolean => second > 2 * LIMIT * first;

const wanted = process.argv[2] ?? '';
console.log(`microseconds of CPU for each piece, least of ${ROUNDS}; ratio of the longest to the shortest`);
for (const [name, { dialect, model }] of Object.entries(PROVIDERS)) {
  if (!name.includes(wanted)) continue;
  for (const [shape, piecesOf] of Object.entries(SHAPES)) {
    const least: number[] = [];
    for (const count of COUNTS) {
      const pieces = piecesOf(dialect, count);
      const rounds: number[] = [];
      // A reader whose time grows with the square would take minutes for the longest stream.
      while (rounds.length < ROUNDS && !isHopeless(least)) {
        rounds.push((await readMicros(model, pieces)) / pieces.length);
      }
      least.push(Math.min(...rounds));
    }
    const ratio = (least.at(-1) ?? Number.NaN) / (least[0] ?? Number.NaN);
    const figures = least.map((micros) => micros.toFixed(2).padStart(8)).join('');
    console.log(`${name.padEnd(17)} ${shape.padEnd(17)}${figures}  ${ratio.toFixed(2)}`);
    if (!(ratio <= LIMIT)) process.exitCode = 1;
  }
}
