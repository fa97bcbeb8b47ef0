import assert from 'node:assert/strict';
import {
  ConnectionError,
  MalformedResponseError,
  ModelError,
  ProviderError,
  RateLimitError,
} from '../../domain/errors.ts';
import { encodeEvents, eventStream, html, json, reset } from '../replies.ts';
import { answered, hasUnknown } from './answers.ts';
import type { CallResult, Clause, Stage } from './clause.ts';
import { settles } from './run-clause.ts';

const SERVED = { text: 'Grüße: 391 🦊, so be it.', usage: { inputTokens: 11, outputTokens: 7 } };

/** How many streams a case reads at the same time. */
const CONCURRENCY = 8;

const stream = ({ ask }: Stage): Promise<CallResult> => ask({ wantsDeltas: true });

const isWhole = (result: CallResult): void => {
  const { text, usage, finishReason } = answered(result);
  assert.equal(text, SERVED.text);
  assert.equal(result.deltas.join(''), SERVED.text);
  assert.equal(finishReason, 'stop');
  assert.equal(usage?.inputTokens, SERVED.usage.inputTokens);
  assert.equal(usage?.outputTokens, SERVED.usage.outputTokens);
};

/** Runs a task for every number below `count`, several at a time. */
const forEach = async (count: number, task: (index: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await task(next - 1);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
};

/** Calls that are answered with a stream of events. */
export const streamClauses: readonly Clause[] = [
  {
    name: 'streams deltas that make up the text, then the answer with its usage',
    unless: 'no-streaming',
    check: async (stage) => {
      stage.server.script(eventStream(stage.dialect.events(SERVED)));
      const result = await stream(stage);
      isWhole(result);
      assert.ok(result.deltas.length > 1, 'more than one delta');
      assert.equal(stage.server.requests.length, 1);
    },
  },
  {
    name: 'emits no deltas unless they are wanted',
    check: async ({ server, dialect, ask }) => {
      server.script(json(dialect.answer(SERVED)));
      assert.deepEqual((await ask()).deltas, []);
    },
  },
  {
    name: 'gives the same answer wherever the bytes of a stream are split',
    unless: 'no-streaming',
    check: async (stage) => {
      const events = stage.dialect.events(SERVED);
      const { byteLength } = encodeEvents(events);
      // The n-th request is split at the n-th byte; the order of the requests does not matter.
      stage.server.script(
        ...Array.from({ length: byteLength }, (_, splitAt) => eventStream(events, { splitAt })),
      );
      await forEach(byteLength, async () => isWhole(await stream(stage)));
      for (const splitEvery of [1, 2, 3, 7]) {
        stage.server.script(eventStream(events, { splitEvery }));
        isWhole(await stream(stage));
      }
    },
  },
  {
    name: 'reads carriage returns, and a byte order mark',
    unless: 'no-streaming',
    check: async (stage) => {
      const events = stage.dialect.events(SERVED);
      for (const options of [
        { newline: '\r\n' },
        { newline: '\r\n', splitEvery: 1 },
        { byteOrderMark: true },
        { byteOrderMark: true, splitEvery: 1 },
      ] as const) {
        stage.server.script(eventStream(events, options));
        isWhole(await stream(stage));
      }
    },
  },
  {
    name: 'rejects a stream that is cut at any byte',
    unless: 'no-streaming',
    check: async (stage) => {
      const events = stage.dialect.events(SERVED);
      const { byteLength } = encodeEvents(events);
      const terminal = events.findIndex(stage.dialect.isTerminal);
      // Without the empty line that ends the event.
      const known = encodeEvents(events.slice(0, terminal + 1)).byteLength - 2;
      for (const [ending, from] of [
        ['end', 0],
        // Only a few bytes, because each reset takes 20 ms.
        ['reset', known - 4],
      ] as const) {
        for (let start = from; start < byteLength; start += 1) {
          if (ending === 'reset' && start >= known) break;
          stage.server.script(eventStream(events, { endAt: start, ending }));
          const { response, error, deltas } = await stream(stage);
          assert.ok(SERVED.text.startsWith(deltas.join('')));
          if (start < known || response === undefined) {
            assert.equal(response, undefined, `an answer from ${start} of ${byteLength} bytes`);
            assert.ok(
              error instanceof MalformedResponseError || error instanceof ConnectionError,
              `ended after ${start} bytes, it gave: ${error}`,
            );
          } else assert.equal(response.text, SERVED.text);
        }
      }
    },
  },
  {
    name: 'answers though the server leaves the connection open after the stream, and closes it',
    unless: 'no-streaming',
    check: async (stage) => {
      const { server, dialect } = stage;
      server.script(eventStream(dialect.events(SERVED), { ending: 'stall' }));
      isWhole(await stream(stage));
      await settles('the end of the connection', server.requests[0]?.abandoned ?? Promise.reject());
    },
  },
  {
    name: 'rejects replies that are not streams of an answer',
    unless: 'no-streaming',
    check: async (stage) => {
      const { server, dialect } = stage;
      const events = dialect.events(SERVED);
      const [first, ...rest] = events;
      for (const [what, reply] of Object.entries({
        HTML: html(),
        'a whole answer': json(dialect.answer(SERVED)),
        'cut JSON in an event': eventStream([{ ...first, data: first?.data.slice(0, -4) ?? '' }, ...rest]),
        'events that are null': eventStream([{ ...first, data: 'null' }]),
        'events that are empty objects': eventStream([{ ...first, data: '{}' }]),
      })) {
        server.script(reply);
        const { response, error } = await stream(stage);
        // A server that does not stream may answer in one piece.
        if (what === 'a whole answer' && response?.text === SERVED.text) continue;
        assert.equal(response, undefined, `${what} was accepted as an answer`);
        assert.ok(error instanceof MalformedResponseError, `${what} gave: ${error}`);
      }
    },
  },
  {
    name: 'keeps a streamed answer whose usage is impossible, without that part of its usage',
    unless: 'no-streaming',
    check: async (stage) => {
      const usage = { inputTokens: 11, outputTokens: -7 };
      stage.server.script(eventStream(stage.dialect.events({ ...SERVED, usage })));
      const response = answered(await stream(stage));
      assert.equal(response.text, SERVED.text);
      hasUnknown('outputTokens', response);
    },
  },
  {
    name: 'reports the finish reason of a stream',
    unless: 'no-streaming',
    check: async (stage) => {
      for (const finishReason of stage.dialect.finishReasons) {
        stage.server.script(eventStream(stage.dialect.events({ text: 'I', finishReason })));
        assert.equal(answered(await stream(stage)).finishReason, finishReason);
      }
    },
  },
  {
    name: 'turns an error event of a stream into its typed error',
    unless: 'no-streaming',
    check: async (stage) => {
      const { server, dialect } = stage;
      const events = dialect.events(SERVED);
      for (const before of [0, 3]) {
        server.script(eventStream([...events.slice(0, before), dialect.errorEvent]));
        const { response, error } = await stream(stage);
        assert.equal(response, undefined);
        assert.ok(error instanceof ProviderError, `after ${before} events it gave: ${error}`);
        assert.equal(error.isRetryable, true);
      }
    },
  },
  {
    name: 'turns a refused or broken stream into its typed error, after one request',
    unless: 'no-streaming',
    check: async (stage) => {
      const { server, dialect } = stage;
      server.script(json(dialect.error(429, 'busy'), { status: 429 }));
      assert.ok((await stream(stage)).error instanceof RateLimitError);
      server.script(json(dialect.error(500, 'broken'), { status: 500 }));
      assert.ok((await stream(stage)).error instanceof ProviderError);
      server.script(reset());
      assert.ok((await stream(stage)).error instanceof ConnectionError);
      server.script(eventStream(dialect.events(SERVED).slice(0, 3), { ending: 'reset' }));
      const { error } = await stream(stage);
      assert.ok(error instanceof ConnectionError, `it gave: ${error}`);
      assert.ok(error instanceof ModelError && error.isRetryable);
      assert.equal(server.requests.length, 4);
    },
  },
];
