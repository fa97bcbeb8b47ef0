import { environment, environmentKey } from './environment.ts';

/** Where the keys of a provider come from, and where they may go. */
export interface AccessRules {
  /** The environment variables of its key, in order of precedence. Empty if it needs none. */
  readonly keyVariables: readonly string[];
  /** The hosts of the provider itself; one with a leading dot stands for those below it. */
  readonly hosts: readonly string[];
  /** Its own base URL. */
  readonly baseURL?: string | undefined;
  /** The environment variable from which its SDK reads another base URL. */
  readonly baseURLVariable?: string;
}

/** The providers with an SDK: the variables of their keys, and the hosts that these keys may go to. */
export const SDK_ACCESS = {
  openai: {
    keyVariables: ['OPENAI_API_KEY'],
    hosts: ['api.openai.com', '.api.openai.com'],
    baseURL: 'https://api.openai.com/v1',
    baseURLVariable: 'OPENAI_BASE_URL',
  },
  anthropic: {
    keyVariables: ['ANTHROPIC_API_KEY'],
    hosts: ['api.anthropic.com'],
    baseURL: 'https://api.anthropic.com',
    baseURLVariable: 'ANTHROPIC_BASE_URL',
  },
  google: {
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    hosts: ['generativelanguage.googleapis.com'],
    baseURL: 'https://generativelanguage.googleapis.com',
    baseURLVariable: 'GOOGLE_GEMINI_BASE_URL',
  },
} as const satisfies Readonly<Record<string, AccessRules>>;

/** A provider with an SDK. */
export type SdkProvider = keyof typeof SDK_ACCESS;

/** What a caller passes. */
export interface PassedAccess {
  readonly apiKey?: unknown;
  readonly baseURL?: unknown;
}

/** A key with the address that it goes to, or the reason why it is missing. */
export interface Access {
  readonly apiKey?: string | undefined;
  readonly baseURL?: string | undefined;
  /** `missing`: no variable is set. `elsewhere`: the base URL, or that of the environment, is not the provider's own. */
  readonly obstacle?: 'missing' | 'elsewhere' | 'elsewhere by environment';
}

type Environment = Readonly<Record<string, string | undefined>>;

const parsed = (address: unknown): URL | null => (typeof address === 'string' ? URL.parse(address) : null);

/** Whether an address is of the provider itself: its host by name, over TLS. */
export const isOwn = (address: unknown, hosts: readonly string[]): boolean => {
  const url = parsed(address);
  return (
    url?.protocol === 'https:' &&
    url.port === '' &&
    hosts.some((host) => (host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host))
  );
};

/**
 * Decides which key goes to which address. A key that the caller passes goes wherever the caller says. A key of the
 * environment goes to the provider's own hosts only, so that neither an option nor a variable of the SDK can send it
 * elsewhere.
 */
export const accessOf = (
  { keyVariables, hosts, baseURL: own, baseURLVariable }: AccessRules,
  { apiKey, baseURL }: PassedAccess,
  variables: Environment = environment(),
): Access => {
  const address = { baseURL: typeof baseURL === 'string' ? baseURL : undefined };
  // An empty key often comes from a variable that is not set.
  if (typeof apiKey === 'string' && apiKey !== '') return { apiKey, ...address };
  if (keyVariables.length === 0) return address;
  if (baseURL !== undefined && !isOwn(baseURL, hosts)) return { ...address, obstacle: 'elsewhere' };
  const ofSdk = baseURLVariable && baseURL === undefined ? variables[baseURLVariable]?.trim() : undefined;
  if (ofSdk && !isOwn(ofSdk, hosts)) return { ...address, obstacle: 'elsewhere by environment' };
  const key = environmentKey(keyVariables, variables);
  if (key === undefined) return { ...address, obstacle: 'missing' };
  return { apiKey: key, baseURL: address.baseURL ?? (ofSdk || own) };
};

/** How a caller passes a key and a base URL, in the words of a message. */
export interface PassedNames {
  readonly apiKey: string;
  readonly baseURL: string;
  /** The provider, unless the message is about one of its factories. */
  readonly provider?: string;
}

/** Returns the fault of an obstacle. */
export const obstacleFault = (
  { keyVariables, hosts, baseURLVariable }: AccessRules,
  obstacle: NonNullable<Access['obstacle']>,
  { apiKey, baseURL, provider }: PassedNames,
): string => {
  const variables = keyVariables.join(' or ');
  const key = provider === undefined ? 'there is no key' : `there is no key for ${provider}`;
  const host = hosts[0]?.replace(/^\./, '*.');
  switch (obstacle) {
    case 'missing':
      return `${key}: set ${variables}, or pass ${apiKey}`;
    case 'elsewhere':
      return `${key} at this base URL: pass ${apiKey}, because a key from the environment (${variables}) is sent only to ${host}`;
    case 'elsewhere by environment':
      return `${key} at the base URL of ${baseURLVariable}: pass ${apiKey} and ${baseURL}, because a key from the environment (${variables}) is sent only to ${host}`;
  }
};

/** The names of the headers that an SDK takes from a variable of the environment. */
const headersIn = (variable: string): string[] =>
  (environment()[variable] ?? '').split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [line.slice(0, colon).trim()];
  });

/**
 * Returns headers that take away those which an SDK would send from its variable of the environment, if the address is
 * neither the provider's own nor that of the environment. Such headers may hold keys.
 */
export const withoutHeadersOf = (
  headersVariable: string,
  { hosts, baseURLVariable = '' }: AccessRules,
  baseURL: string | undefined,
): Record<string, null> | undefined => {
  const ofSdk = parsed(environment()[baseURLVariable]);
  const isKnown = baseURL === undefined || isOwn(baseURL, hosts) || parsed(baseURL)?.origin === ofSdk?.origin;
  return isKnown ? undefined : Object.fromEntries(headersIn(headersVariable).map((name) => [name, null]));
};
