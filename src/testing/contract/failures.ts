import assert from 'node:assert/strict';
import {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  ModelError,
  ProviderError,
  RateLimitError,
  ResponseTooLargeError,
} from '../../domain/errors.ts';
import { toRequest } from '../../engine/to-request.ts';
import { type FaultServer, startFaultServer } from '../fault-server.ts';
import { body, endlessBody, html, json, reset } from '../replies.ts';
import type { Clause, Stage } from './clause.ts';
import { collect, isClosedByClient } from './run-clause.ts';

const STATUSES = [
  [400, InvalidRequestError, false],
  [401, AuthenticationError, false],
  [403, AuthenticationError, false],
  [404, InvalidRequestError, false],
  [408, ProviderError, true],
  [413, InvalidRequestError, false],
  [422, InvalidRequestError, false],
  [429, RateLimitError, true],
  [500, ProviderError, true],
  [502, ProviderError, true],
  [503, ProviderError, true],
  [504, ProviderError, true],
  [529, ProviderError, true],
] as const;

/** Makes a call that must fail, and returns its typed error. */
const failure = async ({ ask }: Stage): Promise<ModelError> => {
  const { response, error } = await ask();
  assert.equal(response, undefined);
  assert.ok(error instanceof ModelError, `not a typed error: ${error}`);
  return error;
};

const hinted = async (
  stage: Stage,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> => {
  stage.server.script(json(stage.dialect.error(429, 'busy'), { status: 429, headers }));
  return (await failure(stage)).retryAfterMs;
};

/** Fails unless the client closed the connection of the last request long before the end of the reply. */
const isCutOff = async ({ requests }: FaultServer): Promise<void> => {
  const request = requests.at(-1);
  assert.ok(request !== undefined);
  await isClosedByClient(request);
  assert.ok(request.bytesSent() < 64 * 2 ** 20, `${request.bytesSent()} bytes were read`);
};

/** Calls that fail. */
export const failureClauses: readonly Clause[] = [
  {
    name: 'turns every status into its typed error, after one request',
    check: async (stage) => {
      const { server, dialect, model } = stage;
      for (const [index, [status, type, isRetryable]] of STATUSES.entries()) {
        server.script(json(dialect.error(status, 'no'), { status }));
        const error = await failure(stage);
        assert.ok(error instanceof type, `${status} gave ${error.name}`);
        assert.equal(error.isRetryable, isRetryable, `${status}: isRetryable`);
        assert.equal(error.status, status);
        assert.equal(error.model, model.id);
        assert.equal(error.retryAfterMs, undefined);
        assert.equal(server.requests.length, index + 1, `${status}: one request`);
      }
    },
  },
  {
    name: 'types an error by its status, with any body',
    check: async (stage) => {
      for (const reply of [
        html({ status: 502 }),
        body('', { status: 502 }),
        json({}, { status: 502 }),
        json({ error: null }, { status: 502 }),
        json(null, { status: 502 }),
        body('{"error":', { status: 502, headers: { 'content-type': 'application/json' } }),
      ]) {
        stage.server.script(reply);
        assert.ok((await failure(stage)) instanceof ProviderError);
      }
    },
  },
  {
    name: 'never repeats the message of the provider, which may quote the key or the question',
    check: async (stage) => {
      const { server, dialect } = stage;
      server.script(json(dialect.answer({ text: '391' })));
      await stage.ask();
      const { headers, path } = server.requests[0] ?? {};
      const quoted = `wrong key: ${JSON.stringify(headers)} ${path}`;
      for (const status of [400, 401, 429, 500]) {
        server.script(json(dialect.error(status, quoted), { status, headers: { 'x-echo': 'echoed' } }));
        assert.ok(!(await failure(stage)).message.includes('wrong key'));
      }
    },
  },
  {
    name: 'passes on the hint when to retry: milliseconds, seconds, a date; drops an impossible one',
    unless: 'no-headers',
    check: async (stage) => {
      assert.equal(await hinted(stage, { 'retry-after-ms': '1500' }), 1500);
      assert.equal(await hinted(stage, { 'retry-after': '2' }), 2000);
      assert.equal(await hinted(stage, { 'retry-after': '0' }), 0);
      assert.equal(await hinted(stage, { 'retry-after': '3600' }), 3_600_000);
      assert.equal(await hinted(stage, { 'retry-after-ms': '-1', 'retry-after': '3' }), 3000);
      for (const nonsense of ['-1', 'NaN', 'soon', '1e400', ' ']) {
        assert.equal(await hinted(stage, { 'retry-after': nonsense }), undefined, `hint: ${nonsense}`);
      }
      // Within a minute: dates have whole seconds, and the machine may be busy.
      const inOneHour = new Date(Date.now() + 3_600_000).toUTCString();
      const untilDateMs = (await hinted(stage, { 'retry-after': inOneHour })) ?? 0;
      assert.ok(untilDateMs > 3_540_000 && untilDateMs <= 3_600_000, `until the date: ${untilDateMs} ms`);
      const past = new Date(Date.now() - 30_000).toUTCString();
      assert.equal(await hinted(stage, { 'retry-after': past }), 0);
    },
  },
  {
    name: 'passes on the hint when to retry from the body, and reports an exhausted quota',
    check: async (stage) => {
      const { server, dialect } = stage;
      if (dialect.rateLimitWithDelay !== undefined) {
        server.script(json(dialect.rateLimitWithDelay, { status: 429 }));
        const error = await failure(stage);
        assert.equal(Math.round(error.retryAfterMs ?? 0), 45_838);
        assert.equal(error.isRetryable, true);
      }
      if (dialect.exhausted !== undefined) {
        server.script(json(dialect.exhausted, { status: 429 }));
        const error = await failure(stage);
        assert.ok(error instanceof RateLimitError);
        assert.equal(error.isRetryable, false);
      }
    },
  },
  {
    name: 'reports a connection that is refused or reset, before the headers and in the body',
    check: async (stage) => {
      const { server, dialect } = stage;
      const answer = dialect.answer({ text: 'a long answer' });
      const isConnectionError = (error: unknown, what: string): void => {
        assert.ok(error instanceof ConnectionError, `${what} gave: ${error}`);
        assert.equal(error.isRetryable, true);
      };
      for (const reply of [reset(), reset(answer, 5)]) {
        server.script(reply);
        isConnectionError(await failure(stage), 'a reset');
      }
      // The second request comes on a connection that was kept alive.
      server.script(json(answer), reset());
      await stage.ask();
      isConnectionError(await failure(stage), 'a reset of a connection that was kept alive');
      assert.equal(server.requests.length, 4, 'one request a call');

      const secure = stage.modelAt(server.baseURL.replace('http:', 'https:'));
      isConnectionError((await collect(secure, toRequest('?'))).error, 'a failed TLS handshake');
      await server.close();
      isConnectionError(await failure(stage), 'a refused connection');
    },
  },
  {
    name: 'stops reading an endless body, and closes the socket',
    unless: 'no-body-cap',
    check: async (stage) => {
      stage.server.script(endlessBody());
      const error = await failure(stage);
      assert.ok(error instanceof ResponseTooLargeError, `it gave: ${error}`);
      assert.equal(error.isRetryable, false);
      await isCutOff(stage.server);
      stage.server.script(endlessBody(100_000_000, { status: 500 }));
      await failure(stage);
      await isCutOff(stage.server);
    },
  },
  {
    name: 'stops reading an endless stream, and closes the socket',
    unless: ['no-body-cap', 'no-streaming'],
    check: async ({ server, ask }) => {
      server.script(endlessBody(100_000_000, { headers: { 'content-type': 'text/event-stream' } }));
      const { response, error } = await ask({ wantsDeltas: true });
      assert.equal(response, undefined);
      assert.ok(error instanceof ResponseTooLargeError, `it gave: ${error}`);
      await isCutOff(server);
    },
  },
  {
    name: 'does not send the key to another host on a redirect',
    unless: 'follows-redirects',
    check: async (stage) => {
      const elsewhere = await startFaultServer();
      try {
        const headers = { location: `${elsewhere.baseURL}/v1/messages` };
        for (const status of [301, 302, 307, 308]) {
          stage.server.script(json({}, { status, headers }));
          await failure(stage);
        }
        assert.equal(elsewhere.requests.length, 0);
      } finally {
        await elsewhere.close();
      }
    },
  },
  {
    name: 'fails one call and answers the next',
    check: async ({ server, dialect, model }) => {
      server.script(json({}, { status: 500 }), json(dialect.answer({ text: '391' })));
      const request = { prompt: '?', messages: [{ role: 'user', content: '?' }] } as const;
      assert.ok((await collect(model, request)).error instanceof ProviderError);
      assert.equal((await collect(model, request)).response?.text, '391');
    },
  },
];
