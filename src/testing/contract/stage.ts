import assert from 'node:assert/strict';
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Model, ModelResponse } from '../../domain/model.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { toRequest } from '../../engine/to-request.ts';
import { startFaultServer } from '../fault-server.ts';
import type { Clause, Heard, Stage } from './contract-case.ts';

/** The longest that any call of the contract may take, in milliseconds. */
const PATIENCE_MS = 10_000;

/** How long what is left behind may take to go, in milliseconds. */
const GRACE_MS = 500;

/** A promise that fails when it takes too long, so that a model that hangs is told from one that is slow. */
export const within = async <T>(limitMs: number, what: string, promise: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what}: not in time` })), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Everything that a call gives, until it ends. */
export const hear = (model: Model, request: ModelRequest): Promise<Heard> =>
  within(
    PATIENCE_MS,
    'the end of a call',
    new Promise<Heard>((resolve) => {
      const deltas: string[] = [];
      const responses: ModelResponse[] = [];
      const end = (error?: unknown): void => resolve({ deltas, response: responses[0], error });
      model.call(request).subscribe({
        next: (value) => {
          if ('delta' in value) deltas.push(value.delta);
          else responses.push(value);
        },
        error: end,
        complete: end,
      });
    }),
  );

/** Looks for the key in every form in which a value can be shown: its text, its fields, its JSON, its causes. */
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

/** The timers that code started within `run` has left. Those of the test runner come and go, and do not count. */
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
    // Node says nowhere in public whether a timer is over; `_destroyed` is what its own tools read.
    left: () => [...timers].filter((timer) => timer.hasRef() && !Reflect.get(timer, '_destroyed')).length,
  };
};

/** What is printed while a case runs, in the words of the code under test. */
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

/** Waits, for a while, until nothing is left of what a case has opened. */
const settled = async (left: () => number): Promise<number> => {
  const untilMs = performance.now() + GRACE_MS;
  while (left() > 0 && performance.now() < untilMs) await nextTurn();
  return Math.max(0, left());
};

/** Options of {@link runClause}: what {@link modelContract} was given. */
export interface StageOptions {
  readonly createModel: (endpoint: { readonly baseURL: string; readonly apiKey: string }) => Model;
  readonly dialect: Stage['dialect'];
}

let keys = 0;

/**
 * Runs one clause against a server of its own, and then looks at what it leaves: no timer, no socket, no
 * rejection that nobody handled, and the key in nothing that came out or was printed.
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
        const ask = async (overrides: Partial<ModelRequest> = {}): Promise<Heard> => {
          const heard = await hear(model, { ...toRequest('What is 17 * 23?'), ...overrides });
          search(heard.error);
          search(heard);
          return heard;
        };
        await clause.check({ server, model, modelAt, dialect, ask, search });
        search(model);
      } finally {
        await server.close();
      }
    });
    assert.equal(await settled(timers.left), 0, 'timers left behind');
    assert.equal(await settled(() => sockets() - socketsBefore), 0, 'sockets left behind');
    assert.deepEqual(rejections, [], 'rejections that nobody handled');
    search(printed);
  } finally {
    process.off('unhandledRejection', onRejection);
    restore();
  }
};
