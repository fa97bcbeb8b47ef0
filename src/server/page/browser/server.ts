/** The answer of the server to a request that it refused. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const KEY = 'crucible-ensemble-key';

/** Keeps the key of the user for as long as the tab is open. */
export const keep = (key: string): void => sessionStorage.setItem(KEY, key);

/** Where the server is mounted: the path of the page. */
const base = location.pathname.replace(/\/$/, '');

/** Asks the server at one of its paths, such as `/v1/models`. */
export const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
  const key = sessionStorage.getItem(KEY);
  const headers = new Headers(init.headers);
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  const response = await fetch(`${base}${path}`, { ...init, headers, redirect: 'error' });
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as
    | { readonly error?: { readonly message?: string } }
    | undefined;
  throw new Refused(response.status, body?.error?.message ?? `status ${response.status}`);
};

/** An event of a stream of events. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Reads a stream of events. Its end without a last event is the end of the connection. */
export async function* eventsOf({ body }: Response): AsyncGenerator<ServerEvent> {
  if (body === null) return;
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = fieldIn(block, 'event: ');
        const data = fieldIn(block, 'data: ');
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A field of an event. A regular expression would end it at a line separator (U+2028), which a text may contain. */
const fieldIn = (block: string, name: string): string | undefined =>
  block
    .split('\n')
    .find((line) => line.startsWith(name))
    ?.slice(name.length);
