import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startFaultServer } from '../../src/testing/fault-server.ts';
import { upstreamReply } from '../../test/server/panels.ts';
import { installClients } from './install.ts';
import { buildNextApp } from './next-app.ts';

/** What a host did with the handler. */
export interface HostResult {
  readonly aborted: string;
  readonly abortedStream: string;
  readonly listeners: number;
  /** The heap after the last requests, by that after the first. */
  readonly heapRatio: number;
}

const REQUESTS = 500;
const program = fileURLToPath(new URL('host.ts', import.meta.url));
const { bin } = installClients();

const commands: Readonly<Record<string, readonly string[]>> = {
  bun: [bin('bun'), 'run'],
  deno: [bin('deno'), 'run', '--allow-all', '--v8-flags=--expose-gc'],
};

interface Program {
  readonly command: readonly string[];
  readonly cwd?: string;
}

const programOf = (name: string, upstream: string): Program => {
  if (name !== 'next')
    return { command: [...(commands[name] ?? [process.execPath, '--expose-gc']), program, name, upstream] };
  const start = ['start', '--hostname', '127.0.0.1', '--port', '0'];
  return { command: [process.execPath, '--expose-gc', bin('next'), ...start], cwd: buildNextApp() };
};

const portOf = async (child: ChildProcess): Promise<number> => {
  let printed = '';
  for await (const text of child.stdout ?? []) {
    printed += text;
    // Next prints its address.
    const line = /^\{"port":(\d+)\}|http:\/\/127\.0\.0\.1:(\d+)/m.exec(printed);
    if (line !== null) return Number(line[1] ?? line[2]);
  }
  throw new Error(`the host ended: ${printed}`);
};

/** Starts a host, and checks that a client that leaves closes all sockets upstream, and that nothing is left. */
export const checkHost = async (name: string): Promise<HostResult> => {
  const upstream = await startFaultServer();
  upstream.answer(upstreamReply);
  const { command, cwd } = programOf(name, upstream.baseURL);
  const [file = '', ...flags] = command;
  const child = spawn(file, flags, {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', NEXT_TELEMETRY_DISABLED: '1', UPSTREAM: upstream.baseURL },
  });
  const ask = (model: string, more: object = {}, signal?: AbortSignal): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: '2 + 2?' }], ...more }),
      ...(signal && { signal }),
    });
  const leave = async (more: object): Promise<string> => {
    const before = upstream.requests.length;
    const controller = new AbortController();
    const asking = ask('slow', more, controller.signal)
      .then((response) => response.text())
      .catch(() => '');
    const calls = await Promise.all([0, 1, 2].map((index) => upstream.seen(before + index)));
    controller.abort();
    await asking;
    await Promise.race([Promise.all(calls.map(({ abandoned }) => abandoned)), pause(5_000)]);
    return `${calls.filter((call) => call.isAbandoned()).length} of ${calls.length}`;
  };
  const many = async (): Promise<void> => {
    for (let asked = 0; asked < REQUESTS; asked += 10)
      await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const response = await ask('panel', { stream: index % 2 === 0 });
          assert.match(await response.text(), /It is 4\./);
        }),
      );
  };
  const left = async (): Promise<{ listeners: number; heapBytes: number }> =>
    (await (await fetch(`${url}/left`)).json()) as never;
  let url = '';
  try {
    url = `http://127.0.0.1:${await portOf(child)}`;
    const aborted = await leave({});
    const abortedStream = await leave({ stream: true });
    await many();
    const first = await left();
    await many();
    const last = await left();
    return {
      aborted,
      abortedStream,
      listeners: last.listeners,
      heapRatio: last.heapBytes / first.heapBytes,
    };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await upstream.close();
  }
};
