// The parts of Node that are used here. Other platforms have none of them.
interface Channel {
  subscribe(listener: (message: unknown) => void): void;
  unsubscribe(listener: (message: unknown) => void): void;
}
interface Context<Store> {
  run<Result>(store: Store, task: () => Result): Result;
  getStore(): Store | undefined;
}
interface Platform {
  getBuiltinModule?(name: 'node:diagnostics_channel'): { channel(name: string): Channel };
  getBuiltinModule?(name: 'node:async_hooks'): { AsyncLocalStorage: new <Store>() => Context<Store> };
}

/** What responses must not do. */
export interface Guard {
  readonly maxBytes: number;
  /** Told, once, of a response that has brought more bytes. */
  readonly onTooLarge: () => void;
  /** Told of a response that sends the request elsewhere, before it goes there. */
  readonly onRedirect: (status: number) => void;
}

interface Watched {
  readonly guard: Guard;
  received: number;
}

/** Tells of the requests of Node's `fetch`, while any of them is to be watched. */
interface Watch {
  readonly context: Context<Guard>;
  readonly start: () => void;
  readonly stop: () => void;
}

let watch: Watch | undefined;
let watching = 0;

/** Runs a part of a task whose requests are watched; what else the task does is not. */
export type Within = <Result>(part: () => Promise<Result>) => Promise<Result>;

/**
 * Runs a task, and watches the responses to every `fetch` that it makes within the function it is given.
 *
 * For SDKs that take no `fetch` of ours, hold whole bodies in memory, and follow redirects with the key: Node's
 * diagnostics tell of every response, and of every chunk of it. Bytes are counted as they arrive, so compressed ones
 * count as few. On platforms that do not tell, it only runs the task.
 */
export const withGuardedResponses = async <Result>(
  guard: Guard,
  task: (within: Within) => Promise<Result>,
): Promise<Result> => {
  watch ??= createWatch();
  if (watch === undefined) return task(unguarded);
  const { context, start, stop } = watch;
  if (watching === 0) start();
  watching += 1;
  try {
    return await task((part) => context.run(guard, part));
  } finally {
    watching -= 1;
    if (watching === 0) stop();
  }
};

/** For a `fetch` that needs no guard. */
export const unguarded: Within = (part) => part();

const createWatch = (): Watch | undefined => {
  const { process } = globalThis as { process?: Platform };
  const diagnostics = process?.getBuiltinModule?.('node:diagnostics_channel');
  const hooks = process?.getBuiltinModule?.('node:async_hooks');
  if (diagnostics === undefined || hooks === undefined) return undefined;
  const context = new hooks.AsyncLocalStorage<Guard>();
  // What arrives does so in the context of its connection, which may have been opened by another request.
  const requests = new WeakMap<object, Watched>();
  const listeners = {
    'undici:request:create': ({ request }: Message) => {
      const guard = context.getStore();
      if (guard !== undefined) requests.set(request, { guard, received: 0 });
    },
    'undici:request:headers': ({ request, response }: Message) => {
      const status = response?.statusCode ?? 0;
      if (status >= 300 && status < 400) requests.get(request)?.guard.onRedirect(status);
    },
    'undici:request:bodyChunkReceived': ({ request, chunk }: Message) => {
      const watched = requests.get(request);
      if (watched === undefined || chunk === undefined) return;
      const before = watched.received;
      watched.received += chunk.byteLength;
      const { maxBytes, onTooLarge } = watched.guard;
      if (before <= maxBytes && watched.received > maxBytes) onTooLarge();
    },
  };
  const channels = Object.entries(listeners).map(([name, listener]) => ({
    channel: diagnostics.channel(name),
    listener: listener as (message: unknown) => void,
  }));
  return {
    context,
    start: () => {
      for (const { channel, listener } of channels) channel.subscribe(listener);
    },
    stop: () => {
      for (const { channel, listener } of channels) channel.unsubscribe(listener);
    },
  };
};

/** What the channels say; each its part of it. */
interface Message {
  readonly request: object;
  readonly response?: { readonly statusCode: number };
  readonly chunk?: Uint8Array;
}
