import { isObject } from '../../domain/is-object.ts';
import { quotedName } from '../../domain/quoting.ts';
import { shown } from '../../options.ts';
import { accessOf, isOwn, obstacleFault } from '../access.ts';
import { environment } from '../environment.ts';
import { keyFormFaults } from '../key-form.ts';
import type { OpenAICompatibleOptions } from './options.ts';
import { addressOf, type Preset, presetAccess } from './presets.ts';

/** Headers of the connection and of the framing, which the transport sets. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding', 'upgrade', 'expect'],
  ...['content-type', 'te', 'trailer'],
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** Whether a header can have this value: no line breaks, and no characters beyond Latin-1. */
const isHeaderValue = (value: unknown): value is string =>
  typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

/**
 * Returns the headers of every request, and the faults of the options for them. Faults do not repeat values, because a
 * value may be a key.
 *
 * A key from the environment is sent only if the host is the preset's own.
 */
export const headersOf = (
  owner: string,
  { apiKey, baseURL, headers = {} }: OpenAICompatibleOptions,
  server: Preset,
): { readonly headers: Record<string, string>; readonly faults: readonly string[] } => {
  const { keyHeader } = server;
  const faults: string[] = keyFormFaults(owner, apiKey);
  const own: Record<string, string> = {};
  if (!isObject(headers)) faults.push(`${owner}: option "headers" must be an object of strings`);
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) {
    const lower = name.toLowerCase();
    if (!TOKEN.test(name)) {
      faults.push(`${owner}: option "headers" has the invalid name ${shown(name)}`);
    } else if (RESERVED.has(lower)) {
      faults.push(`${owner}: option "headers" must not set "${name}", which the connection sets`);
    } else if (isHeaderValue(value)) own[lower] = value;
    else
      faults.push(
        `${owner}: header ${quotedName(name)} must be a string of Latin-1 characters without line breaks`,
      );
  }

  const rules = presetAccess(server);
  // Another server in the place of a preset's may need no key.
  const { apiKey: key, obstacle } = accessOf(rules, { apiKey, baseURL });
  const address = baseURL ?? addressOf(server);
  const ofEnvironment = isOwn(address, rules.hosts) ? headersIn(server.headerVariables) : {};
  const hasKey = key !== undefined || 'authorization' in own || keyHeader in own;
  if (!hasKey && obstacle !== undefined && obstacle !== 'elsewhere') {
    const names = { apiKey: 'option "apiKey"', baseURL: '"baseURL"' };
    faults.push(`${owner}: ${obstacleFault(rules, obstacle, names)}`);
  }
  if (key !== undefined && !isHeaderValue(key) && faults.length === 0) {
    faults.push(`${owner}: the key has an invalid character, such as a line break: check how it was copied`);
  }
  const authorization =
    key === undefined ? {} : { [keyHeader]: keyHeader === 'authorization' ? `Bearer ${key}` : key };
  return {
    headers: { 'content-type': 'application/json', ...ofEnvironment, ...authorization, ...own },
    faults,
  };
};

/** The headers with their values from variables of the environment, if these are set. */
const headersIn = (variables: Preset['headerVariables'] = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([header, variable]) => {
      const value = environment()[variable]?.trim();
      return value && isHeaderValue(value) ? [[header, value]] : [];
    }),
  );
