import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCallers } from '../../src/server/server.ts';
import { json } from '../../src/testing/replies.ts';
import { USAGE } from './panels.ts';
import { post } from './post.ts';
import { type RawSocket, rawSocket, requestText } from './raw-socket.ts';
import { type ServedPanels, servePanels } from './serve-panels.ts';

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'What is 2 + 2?' }];
const question = { model: 'panel', messages };

let served: ServedPanels;
const sockets: RawSocket[] = [];

const start = async (options: Parameters<typeof servePanels>[0] = {}): Promise<void> => {
  await served?.close();
  served = await servePanels(options);
};
const open = async (): Promise<RawSocket> => {
  const raw = await rawSocket(served.port);
  sockets.push(raw);
  return raw;
};
/** Sends a text, and returns the status of the response. */
const statusOf = async (text: string): Promise<number> => {
  const raw = await open();
  raw.write(text);
  return Number((await raw.until(/^HTTP\/1\.1 (\d+)/)).split(' ')[1]);
};

beforeEach(() => start());

// After whatever a client did, the server answers the next one, and has kept nothing of it.
afterEach(async () => {
  const response = await fetch(`${served.url}/v1/models`, { headers: { authorization: 'Bearer right' } });
  expect([200, 403]).toContain(response.status);
  for (const { socket } of sockets.splice(0)) socket.destroy();
  while (served.signals.some((signal) => getEventListeners(signal, 'abort').length > 0)) await nextTurn();
  await served.close();
});

describe('slow clients', () => {
  test('a client that never ends its headers gets a 408', async () => {
    await start({ node: { headersTimeout: 50, requestTimeout: 0, connectionsCheckingInterval: 10 } });
    const raw = await open();
    raw.write(`POST ${CHAT} HTTP/1.1\r\nhost: localhost\r\nx-slow: `);
    expect(await raw.closed).toMatch(/^HTTP\/1\.1 408 /);
    expect(served.signals).toHaveLength(0);
  });

  test('a client that never ends its body gets a 408, and no call is made', async () => {
    await start({ bodyTimeoutMs: 30 });
    const raw = await open();
    raw.write(requestText(CHAT, '{"model":', { 'content-length': '1000' }));
    const response = await raw.closed;
    expect(response).toMatch(/^HTTP\/1\.1 408 /);
    expect(response).toMatch(/"code":"request_timeout"/);
    expect(served.upstream.requests).toHaveLength(0);
  });

  test('a body without an end is refused once it is too large', async () => {
    await start({ maxBodyBytes: 10_000 });
    const raw = await open();
    raw.write(
      requestText(CHAT, '', { 'transfer-encoding': 'chunked', 'content-length': '' }).replace(
        /content-length: \r\n/,
        '',
      ),
    );
    const piece = 'x'.repeat(1_000);
    for (let sent = 0; sent < 20; sent += 1) raw.write(`3e8\r\n${piece}\r\n`);
    expect(await raw.closed).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a client that reads nothing of a stream holds no more than its frames', async () => {
    const raw = await open();
    raw.write(requestText(CHAT, { ...question, stream: true }));
    raw.socket.pause();
    while (served.ends.length === 0) await nextTurn();
    raw.socket.resume();
    expect(await raw.until(/\[DONE\]/)).toContain('It is 4.');
  });
});

describe('wrong lengths and forms', () => {
  test.each([
    [
      'longer than its content-length',
      requestText(CHAT, `${JSON.stringify(question)}GARBAGE`, { 'content-length': '3' }),
    ],
    ['with a negative content-length', requestText(CHAT, question, { 'content-length': '-1' })],
    ['with two content-lengths', requestText(CHAT, question, { 'Content-Length': '5' })],
    ['with a content-length and chunks', requestText(CHAT, question, { 'transfer-encoding': 'chunked' })],
    [
      'with a bad chunk',
      requestText(CHAT, 'zz\r\n', { 'transfer-encoding': 'chunked' }).replace(/content-length: .*\r\n/, ''),
    ],
    ['without a host', requestText('/v1/models').replace('host: localhost\r\n', '')],
    ['that is no HTTP', 'hello\r\n\r\n'],
    ['of TLS', Buffer.from('16030100a5010000a10303', 'hex').toString('latin1')],
    ['with a line break in a header', requestText('/v1/models', undefined, { 'x-a': 'b\r\n c\nset-cookie' })],
    ['with a null in a header', requestText('/v1/models', undefined, { 'x-a': 'b\0c' })],
    ['with headers of a megabyte', requestText('/v1/models', undefined, { 'x-a': 'b'.repeat(1_000_000) })],
  ])('a request %s is a fault of the client', async (_, text) => {
    const status = await statusOf(text);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(served.upstream.requests).toHaveLength(0);
  });

  test.each([
    ['a port that there is not', { host: 'localhost:99999' }],
    ['a host that is no name', { host: '<>' }],
  ])('%s in the host header is refused', async (_, headers) => {
    expect(await statusOf(requestText('/v1/models', undefined, headers))).toBe(403);
  });

  test.each([
    '*',
    '//evil.example/v1/models',
    'http://localhost/%',
    '/v1/models/%E0%A4%A',
    '/v1/models/..%2f..%2fetc',
  ])('the target %s finds nothing', async (target) => {
    expect(await statusOf(requestText(target))).toBe(404);
  });

  test('a body that is no UTF-8 is refused, and not repaired', async () => {
    const raw = await open();
    const body = Buffer.from('{"model":"panel","messages":[{"role":"user","content":"\xff\xfe"}]}', 'latin1');
    raw.write(requestText(CHAT, '', { 'content-length': String(body.length) }));
    raw.write(body);
    expect(await raw.until(/UTF-8/)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a body with half a character in its JSON reaches the models as JSON', async () => {
    const text = JSON.stringify(question).replace('What', '\\ud800');
    expect(await statusOf(requestText(CHAT, text))).toBe(200);
    expect(served.upstream.requests[0]?.body).toContain('\\ud800');
  });

  test('a body that is too deep is refused, and a large one that is not is answered', async () => {
    expect(await statusOf(requestText(CHAT, '['.repeat(1_000_000)))).toBe(400);
    expect(await statusOf(requestText(CHAT, '{"a":'.repeat(100_000)))).toBe(400);
    const image = {
      type: 'image_url',
      image_url: { url: `data:image/png;base64,${'A'.repeat(20_000_000)}` },
    };
    const large = { model: 'panel', messages: [{ role: 'user', content: [image] }] };
    served.upstream.answer(() => json({ choices: [{ message: { content: '4' } }], usage: USAGE }));
    expect(await statusOf(requestText(CHAT, large))).toBe(200);
  });
});

/** Sends a text, and returns the whole response once the server has closed the connection. */
const responseTo = async (text: string | Uint8Array): Promise<string> => {
  const raw = await open();
  raw.write(text);
  return raw.closed;
};
const CLOSING = { connection: 'close' };

describe('forms that are rare', () => {
  test.each([
    ['a list', '/v1/models'],
    ['a page', '/'],
    ['whether it is ready', '/readyz'],
  ])('HEAD of %s has the headers of GET, and no body', async (_, path) => {
    await start({ page: true });
    const [head, get] = await Promise.all([
      responseTo(requestText(path, undefined, CLOSING).replace(/^GET/, 'HEAD')),
      responseTo(requestText(path, undefined, CLOSING)),
    ]);
    const typeIn = (text: string) => /content-type: .*/i.exec(text)?.[0];
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(typeIn(head)).toBe(typeIn(get));
    expect(head.slice(head.indexOf('\r\n\r\n') + 4)).toBe('');
  });

  test('HEAD of a feed takes no place among its readers', async () => {
    await start({ page: true });
    const feed = requestText('/v1/predictions/recent', undefined, {
      accept: 'text/event-stream',
      ...CLOSING,
    });
    for (let asked = 0; asked < 100; asked += 1)
      expect(await responseTo(feed.replace(/^GET/, 'HEAD'))).toMatch(/^HTTP\/1\.1 200 /);
    const reader = await open();
    reader.write(feed);
    await reader.until(/event: state/);
  });

  test('HEAD of what is asked for money is refused, and no call is made', async () => {
    const response = await responseTo(requestText(CHAT, question, CLOSING).replace(/^POST/, 'HEAD'));
    expect(response).toMatch(/^HTTP\/1\.1 405 [\s\S]*allow: POST\r\n/i);
    expect(served.upstream.requests).toHaveLength(0);
  });

  test.each([
    ['compressed', { 'content-encoding': 'gzip' }, 415],
    ['compressed twice', { 'content-encoding': 'identity, gzip' }, 415],
    ['compressed by a name that there is not', { 'content-encoding': 'x' }, 415],
    ['of Latin-1', { 'content-type': 'application/json; charset=iso-8859-1' }, 415],
    ['of UTF-16', { 'content-type': 'application/json; charset="UTF-16LE"' }, 415],
    ['of UTF-8', { 'content-type': 'application/json; charset=UTF-8; a=b' }, 200],
    ['of UTF-8 in quotation marks', { 'content-type': 'application/json;charset="utf-8"' }, 200],
    ['of another type', { 'content-type': 'text/plain' }, 200],
    ['that is not compressed, and says so', { 'content-encoding': 'Identity' }, 200],
  ])('a body %s has status %i', async (_, headers, status) => {
    expect(await statusOf(requestText(CHAT, question, headers))).toBe(status);
    expect(served.upstream.requests).toHaveLength(status === 200 ? 3 : 0);
  });

  test.each([
    ['UTF-16', Buffer.from(`\ufeff${JSON.stringify(question)}`, 'utf16le')],
    ['Latin-1', Buffer.from(JSON.stringify(question).replace('What', 'Où'), 'latin1')],
  ])('a body of %s that does not say so is refused, and not repaired', async (_, body) => {
    const head = Buffer.from(requestText(CHAT, '', { 'content-length': String(body.length), ...CLOSING }));
    expect(await responseTo(Buffer.concat([head, body]))).toMatch(/^HTTP\/1\.1 400 [\s\S]*UTF-8/);
  });

  test('a body that begins with a byte order mark is read', async () => {
    expect(await statusOf(requestText(CHAT, `\ufeff${JSON.stringify(question)}`))).toBe(200);
  });

  test('a client that expects 100 sends its body after it, and other expectations are refused', async () => {
    const raw = await open();
    const text = requestText(CHAT, question, { expect: '100-continue' });
    const end = text.indexOf('\r\n\r\n') + 4;
    raw.write(text.slice(0, end));
    await raw.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    raw.write(text.slice(end));
    expect(await raw.until(/It is 4/)).toMatch(/HTTP\/1\.1 200 /);
    expect(await statusOf(requestText(CHAT, question, { expect: 'a-miracle' }))).toBe(417);
  });

  test.each([
    ['authorization', 'Bearer right', 'Bearer wrong'],
    ['authorization', 'Bearer wrong', 'Bearer right'],
    ['x-api-key', 'right', 'wrong'],
    ['x-api-key', 'wrong', 'right'],
    ['x-api-key', '', 'wrong, right'],
  ])('the header %s twice, with %j and %j, is no key', async (name, one, other) => {
    const sha256 = createHash('sha256').update('right').digest('hex');
    await start({ callers: createCallers({ keys: [{ name: 'ann', sha256 }] }) });
    const text = requestText(CHAT, question, { [name]: one }).replace(
      `${name}: ${one}\r\n`,
      `${name}: ${one}\r\n${name}: ${other}\r\n`,
    );
    expect(await statusOf(text)).toBe(401);
  });

  test('parameters of the URL change nothing, however many there are', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `a${index}=1`).join('&');
    expect(await statusOf(requestText(`${CHAT}?beta=true&model=broken&${many}`, question))).toBe(200);
    expect(await statusOf(requestText(`${CHAT}?${'a=1&'.repeat(100_000)}`, question))).toBe(431);
    expect(await statusOf(requestText('/v1/models?%zz&__proto__=1&a[b]=c#d'))).toBe(200);
  });

  test.each([
    ['/v1/models/', 200],
    ['/v1/models/panel/', 200],
    ['/v1/models//', 404],
    ['/v1//models', 404],
    ['/v1/models/panel/x', 404],
    ['/V1/models', 404],
    ['/healthz/', 200],
  ])('the path %s has status %i', async (path, status) => {
    expect(await statusOf(requestText(path))).toBe(status);
  });
});

describe('connections', () => {
  test('pipelined requests are answered in their order', async () => {
    const raw = await open();
    raw.write(requestText(CHAT, question) + requestText('/v1/models') + requestText('/none'));
    const text = await raw.until(/not_found/);
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '404',
    ]);
  });

  test.each([false, true])(
    'a client that resets its connection aborts its calls; stream: %s',
    async (stream) => {
      const raw = await open();
      raw.write(requestText(CHAT, { ...question, model: 'slow', stream }));
      const calls = await Promise.all([0, 1, 2].map((index) => served.upstream.seen(index)));
      raw.socket.resetAndDestroy();
      await Promise.all(calls.map(({ abandoned }) => abandoned));
      while (served.ends.length === 0) await nextTurn();
      expect(served.ends).toMatchObject([{ failure: { status: 499 } }]);
    },
  );

  test('a client that closes its half of the connection leaves no call open', async () => {
    const raw = await open();
    raw.write(requestText(CHAT, { ...question, model: 'slow' }));
    const calls = await Promise.all([0, 1, 2].map((index) => served.upstream.seen(index)));
    raw.socket.end();
    await Promise.all(calls.map(({ abandoned }) => abandoned));
    await raw.closed;
  });

  test('a client that leaves in the middle of its body leaves nothing', async () => {
    const raw = await open();
    raw.write(requestText(CHAT, '{"model":', { 'content-length': '1000' }));
    while (served.signals.length === 0) await nextTurn();
    raw.socket.destroy();
    await raw.closed;
    expect(served.upstream.requests).toHaveLength(0);
  });
});

describe('words of a request', () => {
  test.each(['a\r\nset-cookie: x=1', 'a\n\ndata: {}', '\u2028', '<script>alert(1)</script>', '../../x'])(
    'no name of a model gets into a header or a frame: %j',
    async (model) => {
      const raw = await open();
      raw.write(requestText(CHAT, { model, messages, stream: true }));
      const text = await raw.until(/model_not_found/);
      expect(text).toMatch(/^HTTP\/1\.1 404 /);
      expect(text).not.toMatch(/^set-cookie/im);
      const { error } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
        error: { param: string };
      };
      expect(error.param).toBe('model');
    },
  );

  test('no text of an answer ends a frame', async () => {
    const content = '4\n\nevent: error\ndata: {"error":{}}\r\n\r\ndata: [DONE]\n\n';
    served.upstream.answer(() => json({ choices: [{ message: { content } }], usage: USAGE }));
    const response = await fetch(`${served.url}${CHAT}`, {
      method: 'POST',
      body: JSON.stringify({ ...question, model: 'cities', stream: true }),
    });
    const text = await response.text();
    expect(text.match(/^data: \[DONE\]$/gm)).toHaveLength(1);
    expect(text).not.toMatch(/^event:/m);
  });

  const POLLUTING = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  test.each([
    ['in a body', `{"model":"panel","messages":[],"__proto__":{"polluted":1}}`],
    ['in a message', `{"model":"panel","messages":[{"role":"__proto__","content":"a"}]}`],
    ['in a part', `{"model":"panel","messages":[{"role":"user","content":[${POLLUTING}]}]}`],
    [
      'as a tool',
      `{"model":"booking","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"__proto__","parameters":${POLLUTING}}}]}`,
    ],
    [
      'in a schema',
      `{"model":"cities","messages":[{"role":"user","content":"a"}],"response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object","properties":${POLLUTING}}}}}`,
    ],
    ['as a model', `{"model":"__proto__","messages":[{"role":"user","content":"a"}]}`],
  ])('names of prototypes change nothing: %s', async (_, text) => {
    await statusOf(requestText(CHAT, text));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('answers with names of prototypes change nothing', async () => {
    served.upstream.answer(() => json({ choices: [{ message: { content: POLLUTING } }], usage: USAGE }));
    const body = { ...question, model: 'cities', response_format: { type: 'json_object' } };
    expect(await statusOf(requestText(CHAT, body))).toBe(200);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('no address in a request is asked, and no key of it is sent on', async () => {
    const body = { ...question, messages: [{ role: 'user', content: 'Read http://127.0.0.1:1/secret' }] };
    await statusOf(
      requestText(CHAT, body, {
        authorization: 'Bearer sk-of-the-client',
        'x-base-url': 'http://127.0.0.1:1',
      }),
    );
    expect(await statusOf(requestText(CHAT, { ...body, base_url: 'http://127.0.0.1:1' }))).toBe(400);
    const { requests } = served.upstream;
    expect(requests).toHaveLength(3);
    for (const { headers } of requests) expect(headers.authorization).toBe('Bearer upstream');
  });
});

describe('browsers', () => {
  const from = (headers: Record<string, string>, method = 'POST') =>
    fetch(`${served.url}${CHAT}`, {
      method,
      headers,
      ...(method === 'POST' && { body: JSON.stringify(question) }),
    });

  test.each(['https://evil.example', 'http://localhost:1', 'null', 'file://'])(
    'a page of %s makes no call, with or without a preflight',
    async (origin) => {
      const preflight = await from(
        { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
        'OPTIONS',
      );
      expect(preflight.status).toBe(403);
      // A form, or a text, needs no preflight.
      const simple = await from({ origin, 'content-type': 'text/plain' });
      expect(simple.status).toBe(403);
      for (const { headers } of [preflight, simple])
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(served.upstream.requests).toHaveLength(0);
    },
  );

  test('a page of the server itself is answered', async () => {
    expect((await from({ origin: served.url })).status).toBe(200);
  });

  test('a name that a site pointed at this machine is refused', async () => {
    for (const host of ['evil.example', `evil.example:${served.port}`, 'localhost.evil.example', '0.0.0.0'])
      expect(await statusOf(requestText(CHAT, question, { host, origin: `http://${host}` }))).toBe(403);
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:4747', '[::1]:4747', 'panel.localhost'])
      expect(await statusOf(requestText('/v1/models', undefined, { host }))).toBe(200);
  });

  test('the names of other hosts can be allowed', async () => {
    await start({ hosts: ['panel.example'] });
    expect(await statusOf(requestText('/v1/models', undefined, { host: 'panel.example:8080' }))).toBe(200);
    expect(await statusOf(requestText('/v1/models', undefined, { host: 'localhost' }))).toBe(403);
  });
});

test('10,000 wrong keys make no call, and the right one still works', async () => {
  const sha256 = createHash('sha256').update('right').digest('hex');
  await start({ callers: createCallers({ keys: [{ name: 'ann', sha256 }] }) });
  const seen = new Set<number>();
  for (let tried = 0; tried < 10_000; tried += 1) {
    const key = [`right${tried}`, 'right'.slice(0, tried % 5), `${tried}`][tried % 3];
    const headers = { authorization: `Bearer ${key}` };
    seen.add((await served.handler.fetch(post(CHAT, question, { headers }))).status);
  }
  expect([...seen]).toEqual([401]);
  expect(served.upstream.requests).toHaveLength(0);
});
