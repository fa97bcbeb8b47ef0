import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  body,
  commentsOnly,
  cutJson,
  delayed,
  encodeEvents,
  endlessBody,
  eventStream,
  type FaultServer,
  html,
  json,
  reset,
  stalledBody,
  stalledHeaders,
  startFaultServer,
} from '../../src/testing/testing.ts';

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
});

afterEach(() => server.close());

/** Lets the server see what has happened to its connections. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
};

const EVENTS = [{ event: 'greeting', data: '{"text":"Grüße 🦊"}' }, { data: '[DONE]' }];

describe('startFaultServer', () => {
  it('records what was asked', async () => {
    const init = { method: 'POST', body: '{"question":"4?"}', headers: { 'x-test': 'yes' } };
    await fetch(`${server.baseURL}/v1/chat`, init);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/chat', body: '{"question":"4?"}' });
    expect(request?.headers['x-test']).toBe('yes');
    expect(request?.json()).toEqual({ question: '4?' });
    expect(request?.isAbandoned()).toBe(false);
  });

  it('answers in the order of its script, and with the last reply from then on', async () => {
    server.script(
      json({}, { status: 503, headers: { 'retry-after': '1' } }),
      body('', { status: 204 }),
      html(),
    );
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await fetch(server.baseURL)).status);
    expect(statuses).toEqual([503, 204, 200, 200]);
  });

  it('answers by what was asked', async () => {
    server.answer(({ path }) => json({ path }, { status: path === '/no' ? 404 : 200 }));
    const replies = await Promise.all(['/yes', '/no'].map((path) => fetch(server.baseURL + path)));
    expect(replies.map(({ status }) => status)).toEqual([200, 404]);
    expect(await Promise.all(replies.map((reply) => reply.json()))).toEqual([
      { path: '/yes' },
      { path: '/no' },
    ]);
  });

  it('cuts JSON in a response that is otherwise whole', async () => {
    server.script(cutJson({ text: 'a long answer' }));
    const response = await fetch(server.baseURL);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it.each([
    ['before the headers', stalledHeaders()],
    ['in the body', stalledBody({ text: 'a long answer' }, 5)],
    ['with comments', commentsOnly()],
    ['after the events', eventStream(EVENTS, { ending: 'stall' })],
    ['in an endless body', endlessBody()],
  ])('reports that the client closed the connection: %s', async (_phase, reply) => {
    server.script(reply);
    const controller = new AbortController();
    const answer = fetch(server.baseURL, { signal: controller.signal }).then((response) => response.text());
    const ended = expect(answer).rejects.toThrow('aborted');
    const request = await server.seen(0);
    await turns();
    expect(request.isAbandoned()).toBe(false);
    controller.abort();
    await request.abandoned;
    expect(request.isAbandoned()).toBe(true);
    await ended;
  });

  it('does not report its own resets as closed by the client', async () => {
    server.script(reset(), reset({ text: 'a long answer' }, 5));
    await expect(fetch(server.baseURL)).rejects.toThrow('fetch failed');
    await expect(fetch(server.baseURL).then((response) => response.text())).rejects.toThrow('terminated');
    await turns();
    expect(server.requests.map((request) => request.isAbandoned())).toEqual([false, false]);
  });

  it('serves the same events however their bytes are divided', async () => {
    const whole = Buffer.from(encodeEvents(EVENTS)).toString();
    for (const options of [{ splitEvery: 1 }, { splitEvery: 3 }, { splitAt: 41 }]) {
      server.script(eventStream(EVENTS, options));
      expect(await (await fetch(server.baseURL)).text()).toBe(whole);
    }
    expect(whole).toBe('event: greeting\ndata: {"text":"Grüße 🦊"}\n\ndata: [DONE]\n\n');
  });

  it('sends a divided stream in pieces', async () => {
    server.script(eventStream(EVENTS, { splitEvery: 5 }));
    const pieces: number[] = [];
    const { body: stream } = await fetch(server.baseURL);
    for await (const piece of stream ?? []) pieces.push(piece.byteLength);
    // Neighbours may arrive together.
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.reduce((sum, length) => sum + length)).toBe(encodeEvents(EVENTS).byteLength);
  });

  it('serves carriage returns and a byte order mark, and ends anywhere', async () => {
    server.script(eventStream(EVENTS, { newline: '\r\n', byteOrderMark: true, endAt: 22 }));
    const bytes = await (await fetch(server.baseURL)).bytes();
    expect(Buffer.from(bytes).toString()).toBe('\uFEFFevent: greeting\r\nda');
  });

  it('waits before a delayed reply, and drops it once the client has closed the connection', async () => {
    server.script(delayed(30, json({})), delayed(60_000, json({})));
    // Of two timers of the same length, the one that was set first fires first.
    const order: string[] = [];
    const timer = sleep(30).then(() => order.push('30 ms'));
    await Promise.all([timer, fetch(server.baseURL).then(() => order.push('reply'))]);
    expect(order).toEqual(['30 ms', 'reply']);
    await expect(fetch(server.baseURL, { signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout');
  });

  it('counts the bytes that it has sent to a request', async () => {
    server.script(json({ text: 'x'.repeat(1000) }), json({}));
    await (await fetch(server.baseURL)).text();
    await (await fetch(server.baseURL)).text();
    const [long, short] = await Promise.all([server.seen(0), server.seen(1)]);
    expect(short.bytesSent()).toBeGreaterThan(0);
    expect(short.bytesSent()).toBeLessThan(1000);
    expect(long.bytesSent()).toBeGreaterThan(1000);
  });

  it('survives a client that is no HTTP client, and one that leaves in the middle of its request', async () => {
    const port = Number(new URL(server.baseURL).port);
    const stranger = connect(port, '127.0.0.1');
    stranger.end('SSH-2.0-client\r\n');
    await once(stranger, 'close');
    const hasty = connect(port, '127.0.0.1');
    hasty.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"ques', () => hasty.destroy());
    await once(hasty, 'close');
    expect((await fetch(server.baseURL)).status).toBe(200);
  });
});
