// The parts of Node that are used here. Other platforms lack them.
interface Channel {
  subscribe(listener: (message: unknown) => void): void;
  unsubscribe(listener: (message: unknown) => void): void;
}
interface Context<Store> {
  run<Result>(store: Store, task: () => Result): Result;
  getStore(): Store | undefined;
}
interface Platform {
  readonly versions?: Readonly<Record<string, string>>;
  getBuiltinModule?(name: 'node:diagnostics_channel'): { channel(name: string): Channel };
  getBuiltinModule?(name: 'node:async_hooks'): { AsyncLocalStorage: new <Store>() => Context<Store> };
}

/** The limits of a response, and the functions that receive violations. */
export interface Guard {
  readonly maxBytes: number;
  /** Called once if a response exceeds `maxBytes`. */
  readonly onTooLarge: () => void;
  /** Called if a response redirects the request, before the redirect is followed. */
  readonly onRedirect: (status: number) => void;
  /** Called with the error of a connection, which the SDK replaces by one without its code. */
  readonly onBroken: (error: unknown) => void;
}

let watch: ReturnType<typeof createWatch>;
let watching = 0;

/** Runs a function and observes the requests that it makes. */
export type Within = <Result>(part: () => Promise<Result>) => Promise<Result>;

/**
 * Runs a task, and observes the responses of the requests that it makes through `within`.
 *
 * For clients of the caller, which have a `fetch` of their own, hold whole bodies in memory and follow redirects with the
 * key. Node's diagnostics channels report every response and every chunk. Bytes are counted as received, before
 * decompression. On platforms without these channels, the task runs unobserved.
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

/**
 * Whether this runtime reports the responses of its `fetch` and the bytes of their bodies. Node does since 24.4, with
 * undici 7.11. Other runtimes have the channels without any messages.
 */
export const areResponsesReported = (): boolean => {
  const { process } = globalThis as { process?: Platform };
  const [major = 0, minor = 0] = (process?.versions?.undici ?? '').split('.').map(Number);
  return process?.getBuiltinModule !== undefined && (major > 7 || (major === 7 && minor >= 11));
};

/** Runs a function without observing its requests. */
export const unguarded: Within = (part) => part();

/** Observes the requests of Node's `fetch` between `start` and `stop`; `undefined` on platforms without channels. */
const createWatch = () => {
  const { process } = globalThis as { process?: Platform };
  const diagnostics = process?.getBuiltinModule?.('node:diagnostics_channel');
  const hooks = process?.getBuiltinModule?.('node:async_hooks');
  if (diagnostics === undefined || hooks === undefined) return undefined;
  const context = new hooks.AsyncLocalStorage<Guard>();
  // A response arrives in the async context of its connection, which another request may have opened.
  const requests = new WeakMap<object, Watched>();
  const listeners = {
    'undici:request:create': ({ request }: Message) => {
      const guard = context.getStore();
      if (guard !== undefined) requests.set(request, { guard, received: 0, pending: 0, searched: 0 });
    },
    'undici:request:error': ({ request, error }: Message) => requests.get(request)?.guard.onBroken(error),
    'undici:request:headers': ({ request, response }: Message) => {
      const status = response?.statusCode ?? 0;
      if (status >= 300 && status < 400) requests.get(request)?.guard.onRedirect(status);
    },
    'undici:request:bodyChunkReceived': ({ request, chunk }: Message) => {
      const watched = requests.get(request);
      if (watched === undefined || chunk === undefined) return;
      const wasWithin = isWithin(watched);
      const lineEnd = chunk.lastIndexOf(LINE_FEED);
      watched.received += chunk.byteLength;
      watched.pending = lineEnd === -1 ? watched.pending + chunk.byteLength : chunk.byteLength - lineEnd - 1;
      watched.searched += watched.pending;
      if (wasWithin && !isWithin(watched)) watched.guard.onTooLarge();
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

/** A response that is observed, in bytes. */
interface Watched {
  readonly guard: Guard;
  received: number;
  /** Those after the last end of a line. */
  pending: number;
  /** Those that the SDK has searched: all of an event that is not complete, again at every chunk. */
  searched: number;
}

const LINE_FEED = 10;

/** The most that an SDK searches: some tenths of a second. An event of 16 MiB in small chunks would take minutes. */
const MAX_SEARCHED_BYTES = 2 ** 28;

const isWithin = ({ guard, received, searched }: Watched): boolean =>
  received <= guard.maxBytes && searched <= MAX_SEARCHED_BYTES;

/** A message of the channels. Each channel sets some of the fields. */
interface Message {
  readonly request: object;
  readonly response?: { readonly statusCode: number };
  readonly chunk?: Uint8Array;
  readonly error?: unknown;
}
