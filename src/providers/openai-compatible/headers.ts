import { environmentKey } from '../environment.ts';
import type { OpenAICompatibleOptions } from './options.ts';
import type { Preset } from './presets.ts';

/** What a connection is made and framed with; not the caller's to say. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'upgrade', 'expect'],
  ...['content-type', 'te', 'trailer'],
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** What a header can carry: no line breaks, and no characters beyond Latin-1. */
const isCarried = (value: unknown): value is string =>
  typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

/**
 * The headers of every request to a server, or what is wrong with the options they are made of. No value is
 * repeated in a fault: it may be a key.
 *
 * A key from the environment goes to the host that the preset names, and to no other.
 */
export const headersOf = (
  owner: string,
  { apiKey, baseURL, headers = {} }: OpenAICompatibleOptions,
  { keyVariable, keyHeader }: Preset,
): { readonly headers: Record<string, string>; readonly faults: readonly string[] } => {
  const faults: string[] = [];
  const own: Record<string, string> = {};
  if (typeof headers !== 'object' || headers === null) {
    faults.push(`${owner}: option "headers" must be an object of texts`);
  }
  for (const [name, value] of Object.entries(typeof headers === 'object' ? (headers ?? {}) : {})) {
    const lower = name.toLowerCase();
    if (!TOKEN.test(name) || RESERVED.has(lower)) {
      faults.push(`${owner}: option "headers" must not have ${JSON.stringify(name.slice(0, 60))}`);
    } else if (isCarried(value)) own[lower] = value;
    else faults.push(`${owner}: header "${name}" must be a text that a header can carry`);
  }

  const isOwnHost = baseURL === undefined;
  // An empty one is what an environment variable that is not set often becomes.
  const key = apiKey || (isOwnHost && keyVariable ? environmentKey(keyVariable) : undefined);
  const hasKey = key !== undefined || 'authorization' in own || keyHeader in own;
  if (!hasKey && isOwnHost && keyVariable) {
    faults.push(`${owner}: option "apiKey" is missing, and ${keyVariable} is not set`);
  }
  if (key !== undefined && !isCarried(key)) {
    faults.push(`${owner}: the key has a character that no header can carry, such as a line break`);
  }
  const authorization =
    key === undefined ? {} : { [keyHeader]: keyHeader === 'authorization' ? `Bearer ${key}` : key };
  return { headers: { 'content-type': 'application/json', ...authorization, ...own }, faults };
};
