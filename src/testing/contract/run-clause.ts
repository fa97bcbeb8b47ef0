import assert from 'node:assert/strict';
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Model, ModelDelta, ModelResponse } from '../../domain/model.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { toRequest } from '../../engine/to-request.ts';
import { type SeenRequest, startFaultServer } from '../fault-server.ts';
import type { CallResult, Clause, Stage } from './clause.ts';

/** How long a case waits for something before it reports that the model hangs, in milliseconds. */
const PATIENCE_MS = 10_000;

/** How often the leftovers of a case are counted, with a nap between, before they are reported. */
const MOST_NAPS = 100;

/** How many requests of another client a server answers before a socket that was closed earlier must be gone. */
const ROUND_TRIPS = 5;

/** Fails if a promise does not settle, to distinguish a model that hangs from a slow one. */
export const settles = async <T>(what: string, promise: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `${what}: nothing within ${PATIENCE_MS} ms`;
    timer = setTimeout(() => reject(new assert.AssertionError({ message })), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Fails unless the client has closed the connection of a request by the time that some later requests of another
 * client are answered. Elapsed time would depend on how busy the machine is; the order of events does not.
 */
export const isClosedByClient = async (request: SeenRequest): Promise<void> => {
  const elsewhere = await startFaultServer();
  for (let trip = 0; trip < ROUND_TRIPS && !request.isAbandoned(); trip += 1) {
    await new Promise((resolve, reject) => {
      get(elsewhere.baseURL, { agent: false }, (response) => response.resume().once('close', resolve)).once(
        'error',
        reject,
      );
    });
  }
  await elsewhere.close();
  assert.ok(request.isAbandoned(), 'the socket is still open');
};

/** Makes a call, and collects everything that it emits until it ends. */
export const collect = (model: Model, request: ModelRequest): Promise<CallResult> =>
  settles(
    'the end of a call',
    new Promise<CallResult>((resolve) => {
      const pieces: ModelDelta[] = [];
      const responses: ModelResponse[] = [];
      const end = (error?: unknown): void => {
        const deltas = pieces.filter(({ kind = 'text' }) => kind === 'text').map(({ delta }) => delta);
        resolve({ deltas, pieces, response: responses[0], error });
      };
      model.call(request).subscribe({
        next: (value) => {
          if ('delta' in value) pieces.push(value);
          else responses.push(value);
        },
        error: end,
        complete: end,
      });
    }),
  );

/** Fails if a value shows the key in any form: its text, its fields, its JSON, its causes. */
const searchFor =
  (key: string) =>
  (value: unknown): void => {
    const shown = [
      inspect(value, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null }),
      JSON.stringify(value) ?? '',
      String(value),
      ...(value instanceof Error ? [value.message, value.stack ?? ''] : []),
    ];
    assert.ok(!shown.some((text) => text.includes(key)), 'the key is shown');
    if (value instanceof Error && value.cause !== undefined) searchFor(key)(value.cause);
  };

/** Counts the timers that code within `run` has left behind; those of the test runner are not counted. */
const watchTimers = (): { run: <T>(task: () => Promise<T>) => Promise<T>; left: () => number } => {
  const storage = new AsyncLocalStorage<object>();
  const mine = {};
  const timers = new Set<NodeJS.Timeout>();
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'Timeout' && storage.getStore() === mine) timers.add(resource as NodeJS.Timeout);
    },
  });
  return {
    run: async (task) => {
      hook.enable();
      try {
        return await storage.run(mine, task);
      } finally {
        hook.disable();
      }
    },
    // Node has no public way to tell whether a timer is over; its own tools read `_destroyed`.
    left: () => [...timers].filter((timer) => timer.hasRef() && !Reflect.get(timer, '_destroyed')).length,
  };
};

/** Captures what the code under test prints while a case runs. */
const watchConsole = (): { readonly printed: unknown[]; readonly restore: () => void } => {
  const printed: unknown[] = [];
  const methods = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;
  const { console: output } = globalThis;
  const originals = methods.map((method) => [method, output[method]] as const);
  for (const method of methods) output[method] = (...values: unknown[]) => void printed.push(...values);
  return {
    printed,
    restore: () => {
      for (const [method, original] of originals) output[method] = original;
    },
  };
};

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPServerWrap')
    .length;

/** Counts what a case has left behind, once closed sockets and fired timers have had the time to go. */
const leftovers = async (count: () => number): Promise<number> => {
  for (let nap = 0; nap < MOST_NAPS && count() > 0; nap += 1) await sleep(5);
  return Math.max(0, count());
};

/** Options of {@link runClause}, from those of {@link modelContract}. */
export interface StageOptions {
  readonly createModel: (endpoint: { readonly baseURL: string; readonly apiKey: string }) => Model;
  readonly dialect: Stage['dialect'];
}

let keys = 0;

/**
 * Runs one clause against its own server. Fails if the clause leaves a timer, a socket or an unhandled rejection
 * behind, or if a result or the console shows the key.
 */
export const runClause = async (clause: Clause, { createModel, dialect }: StageOptions): Promise<void> => {
  keys += 1;
  const key = `sk-canary-${process.pid}-${keys}-7f3a9c1e5b`;
  const search = searchFor(key);
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  const socketsBefore = sockets();
  const timers = watchTimers();
  const { printed, restore } = watchConsole();
  process.on('unhandledRejection', onRejection);
  try {
    await timers.run(async () => {
      const server = await startFaultServer();
      try {
        const modelAt = (baseURL: string): Model => createModel({ baseURL, apiKey: key });
        const model = modelAt(server.baseURL);
        const ask = async (overrides: Partial<ModelRequest> = {}): Promise<CallResult> => {
          const result = await collect(model, { ...toRequest('What is 17 * 23?'), ...overrides });
          search(result.error);
          search(result);
          return result;
        };
        await clause.check({ server, model, modelAt, dialect, ask, search });
        search(model);
      } finally {
        await server.close();
      }
    });
    assert.equal(await leftovers(timers.left), 0, 'timers left behind');
    assert.equal(await leftovers(() => sockets() - socketsBefore), 0, 'sockets left behind');
    assert.deepEqual(rejections, [], 'unhandled rejections');
    search(printed);
  } finally {
    process.off('unhandledRejection', onRejection);
    restore();
  }
};
