import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import {
  eventStream,
  json,
  stalledBody,
  stalledHeaders,
  startFaultServer,
} from '../../src/testing/testing.ts';
import type { CaseReport } from './process-exit.ts';

const message = { role: 'assistant', content: '391' };
const answers = {
  gemini: { candidates: [{ content: { role: 'model', parts: [{ text: '391' }] }, finishReason: 'STOP' }] },
  anthropic: { content: [{ type: 'text', text: '391' }], stop_reason: 'end_turn' },
  openai: { choices: [{ index: 0, message, finish_reason: 'stop' }] },
};
const finished = { choices: [{ index: 0, delta: { content: '391' }, finish_reason: 'stop' }] };

/** Finds how the API that is asked at a path writes an answer. */
const answerAt = (path: string): unknown => {
  if (path.includes('generateContent')) return answers.gemini;
  return path.endsWith('/messages') ? answers.anthropic : answers.openai;
};

let reports: readonly CaseReport[];
let code: number | null;
let errors: string;

beforeAll(async () => {
  const server = await startFaultServer();
  server.answer(({ path }) => {
    if (path.startsWith('/answer/')) return json(answerAt(path));
    if (path.startsWith('/stall/')) return stalledBody(answerAt(path), 5);
    if (path.startsWith('/silence/')) return stalledHeaders();
    return eventStream([{ data: JSON.stringify(finished) }, { data: '[DONE]' }], { ending: 'stall' });
  });
  // Accepts connections and sends nothing, so that no TLS handshake ends.
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;

  const program = fileURLToPath(new URL('./process-exit.ts', import.meta.url));
  const child = spawn(process.execPath, [program, server.baseURL, `https://127.0.0.1:${port}`]);
  const ended = once(child, 'close');
  const [output, errorOutput] = await Promise.all([text(child.stdout), text(child.stderr)]);
  [code] = await ended;
  errors = errorOutput;
  reports = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CaseReport);

  for (const socket of sockets) socket.destroy();
  await Promise.all([server.close(), new Promise((resolve) => silent.close(resolve))]);
}, 120_000);

it.each<[name: string, result: unknown]>([
  ['a prediction that stopped before a call had ended', [1, 0]],
  ['a hedged prediction', [1, 0]],
  ['an abort', [1, 0]],
  ['a stream that was left', ['response', 1, 0]],
  ['many predictions that were left', [100, 0]],
  ['a time-out', ['AllModelsFailedError', 0]],
  ['a cancelled call that rejects', ['answered', 'cancelled']],
  ['a cached answer', ['4', 1, 0]],
  ...['gemini', 'googleGenAI', 'openai', 'anthropic', 'openaiCompatible'].flatMap(
    (provider): [string, unknown][] => [
      [`${provider}: answer`, '391'],
      [`${provider}: stall`, 'AllModelsFailedError'],
    ],
  ),
  ['kept connections of fetch', '391'],
  ['kept connections of undici', '391'],
  ['cancelled requests', 1],
  ['a TLS handshake that never ended', 'TimeoutError'],
  ['a stream that the server never ends', ['391']],
])('nothing keeps a process alive after %s', (name, result) => {
  expect(reports.find((report) => report.name === name)).toEqual({ name, result, left: [] });
});

it('the process ended by itself, and without unhandled rejections', () => {
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(reports.map(({ name }) => name)).not.toContain('unhandled rejection');
});
