import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type RawSocket, rawSocket, requestText } from './raw-socket.ts';
import { type ServedPanels, servePanels } from './serve-panels.ts';

const PATH = '/v1/predictions/batch';
const asking = (model: string, query = 'What is 2 + 2?'): string => `${JSON.stringify({ model, query })}\n`;

let served: ServedPanels;
let raw: RawSocket;

const start = async (options: Parameters<typeof servePanels>[0] = {}): Promise<void> => {
  served = await servePanels(options);
  raw = await rawSocket(served.port);
  raw.write(requestText(PATH, '', { 'transfer-encoding': 'chunked' }).replace(/content-length: .*\r\n/, ''));
};
const chunk = (text: string): void => raw.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
const END = '0\r\n\r\n';
/** The results in a response in chunks. */
const resultsIn = (response: string): readonly Record<string, unknown>[] =>
  response.split('\r\n').flatMap((line) => (line.startsWith('{"line"') ? [JSON.parse(line)] : []));

// Whatever a client did, nothing of it is left: the server waits for nothing when it closes.
afterEach(async () => {
  raw.socket.destroy();
  while (served.signals.some((signal) => getEventListeners(signal, 'abort').length > 0)) await nextTurn();
  await served.handler.close({ graceMs: 600_000 });
  await served.close();
});

test('results arrive while the lines still do', async () => {
  await start();
  chunk(asking('panel'));
  const first = await raw.until(/"line":1\b.*\n/);
  expect(first).toMatch(/^HTTP\/1\.1 200 /);
  expect(first).not.toContain('"line":2');
  for (const character of asking('panel')) chunk(character);
  await raw.until(/"line":2\b.*\n/);
  chunk(asking('none'));
  await raw.until(/"line":3\b.*\n/);
  raw.write(END);
  const response = await raw.closed;
  expect(resultsIn(response).map(({ line, status }) => [line, status])).toEqual([
    [1, 200],
    [2, 200],
    [3, 404],
  ]);
  expect(response).toMatch(/0\r\n\r\n$/);
  expect(served.ends).toHaveLength(2);
});

test.each([
  ['in the middle of a line', '{"model":'],
  ['between lines', ''],
  ['with empty lines', '\n\n\r\n'],
])('an upload that stalls %s ends by itself, with the results of what was asked', async (_, rest) => {
  await start({ bodyTimeoutMs: 60 });
  chunk(asking('panel') + rest);
  const response = await raw.closed;
  const results = resultsIn(response);
  expect(results.map(({ status }) => status)).toEqual([200, 408]);
  expect(response).toMatch(/0\r\n\r\n$/);
  expect(served.ends).toMatchObject([{ prediction: { answer: 4 } }]);
});

const calls = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => served.upstream.seen(index)));

test.each<[string, () => void]>([
  ['resets its connection', () => raw.socket.resetAndDestroy()],
  ['closes its connection', () => raw.socket.destroy()],
  ['closes its half of it before the last chunk', () => raw.socket.end()],
  ['sends a chunk that is none', () => raw.write('zz\r\n')],
])(
  'a client that %s while its lines arrive aborts all calls, and each is accounted for',
  async (_, leave) => {
    await start();
    chunk(asking('slow') + asking('slow') + asking('slow').slice(0, 9));
    const begun = await calls(6);
    leave();
    await Promise.all(begun.map(({ abandoned }) => abandoned));
    while (served.ends.length < 2) await nextTurn();
    expect(served.ends).toMatchObject([{ failure: { status: 499 } }, { failure: { status: 499 } }]);
    expect(served.upstream.requests).toHaveLength(6);
  },
);

test('a client that leaves between two lines leaves nothing', async () => {
  await start();
  chunk(asking('panel'));
  await raw.until(/"line":1\b.*\n/);
  raw.socket.destroy();
  await raw.closed;
  expect(served.ends).toHaveLength(1);
});
