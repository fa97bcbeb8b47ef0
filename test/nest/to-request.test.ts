import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { toRequest } from '../../src/nest/to-request.ts';
import { RequestRefusal } from '../../src/server/server.ts';

const { signal } = new AbortController();

const node = (facts: object, ...chunks: string[]) =>
  Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), {
    method: 'POST',
    url: '/api/ai/v1/predictions?a=b',
    headers: { host: 'panel.example:80', 'content-type': 'application/json' },
    ...facts,
  });
const read = (readable: Readable): Readable => {
  Object.defineProperty(readable, 'readableDidRead', { value: true });
  return readable;
};

it('has the path that is given, and the rest of what came', async () => {
  const headers = {
    host: 'panel.example',
    'x-many': ['1', '2'],
    ':path': '/',
    'content-length': '9',
    no: undefined,
  };
  const request = toRequest(node({ headers }, '{"a"', ':1}') as never, '/v1/predictions', signal);
  expect(request.url).toBe('http://panel.example/v1/predictions?a=b');
  expect(Object.fromEntries(request.headers)).toEqual({ host: 'panel.example', 'x-many': '1, 2' });
  expect(await request.json()).toEqual({ a: 1 });
});

it.each([
  ['the raw body', { rawBody: Buffer.from('{"a":1}'), body: { a: 2 } }],
  ['a body that a parser left as bytes', { body: Buffer.from('{"a":1}') }],
  ['a body that a parser left as a text', { body: '{"a":1}' }],
  ['a body that a parser read', { body: { a: 1 } }],
])('hands on %s', async (_name, facts) => {
  const request = toRequest({ raw: read(node({})), ...facts } as never, '/', signal);
  expect(await request.json()).toEqual({ a: 1 });
});

it('does not say that a body is compressed which a parser has decompressed', () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const of = (facts: object) => toRequest(facts as never, '/', signal).headers.get('content-encoding');
  expect(of({ raw: read(node({ headers })), body: { a: 1 } })).toBeNull();
  expect(of(node({ headers }))).toBe('gzip');
});

it('reads no body of a GET, and none that is missing', async () => {
  expect(toRequest(node({ method: 'GET' }) as never, '/', signal).body).toBeNull();
  expect(toRequest({ raw: read(node({})) } as never, '/', signal).body).toBeNull();
});

it('leaves the connection open if the body is not read to its end', async () => {
  const readable = node({}, 'a', 'b');
  const reader = toRequest(readable as never, '/', signal).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(readable.destroyed).toBe(false);
});

const circular: Record<string, unknown> = {};
circular.itself = circular;

it.each([
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, { '{"a":1}': '' }, 415],
  ['a body without a type', {}, { a: 1 }, 415],
  ['a body that is no JSON', { 'content-type': 'application/json' }, circular, 400],
  ['a host that is none', { host: 'a b', 'content-type': 'application/json' }, { a: 1 }, 400],
])('refuses %s', (_name, headers, body, status) => {
  const ask = () => toRequest({ raw: read(node({ headers })), body } as never, '/', signal);
  expect(ask).toThrow(RequestRefusal);
  expect(ask).toThrow(expect.objectContaining({ status }));
});
