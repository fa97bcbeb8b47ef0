import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAutoEnsemble } from '../../src/auto/create-auto-ensemble.ts';
import { ConfigError, type Model } from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible, type PresetName } from '../../src/providers/openai-compatible.ts';
import { runCommand } from '../cli/run-command.ts';

const KEY = 'sk-env-canary-7f3a9c1e5b2d';

interface Sent {
  readonly url: URL;
  readonly headers: Headers;
}

/** The requests that were sent. None leaves the process. */
let sent: Sent[];

beforeEach(() => {
  sent = [];
  vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : input);
    sent.push({
      url,
      headers: new Headers(init?.headers ?? (input instanceof Request ? input.headers : {})),
    });
    return new Response('{}', { status: 500 });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

const ask = async (model: Model): Promise<void> => {
  const request = { prompt: '?', messages: [{ role: 'user', content: '?' } as const] };
  await lastValueFrom(model.call(request)).catch(() => undefined);
};

type Make = (options?: { readonly apiKey?: string; readonly baseURL?: string }) => Model;

const preset =
  (name: PresetName): Make =>
  (options) =>
    openaiCompatible('m', { preset: name, fetch, ...options });

interface Row {
  readonly name: string;
  readonly make: Make;
  /** The variables of its key. */
  readonly variables: readonly [string, ...string[]];
  readonly host: string;
  /** The variable from which its SDK reads another base URL. */
  readonly baseURLVariable?: string;
}

const GOOGLE = {
  variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  host: 'generativelanguage.googleapis.com',
} as const;

const rows: readonly Row[] = [
  {
    name: 'openai',
    make: (options) => openai('m', options),
    variables: ['OPENAI_API_KEY'],
    host: 'api.openai.com',
    baseURLVariable: 'OPENAI_BASE_URL',
  },
  {
    name: 'anthropic',
    make: (options) => anthropic('m', options),
    variables: ['ANTHROPIC_API_KEY'],
    host: 'api.anthropic.com',
    baseURLVariable: 'ANTHROPIC_BASE_URL',
  },
  {
    name: 'googleGenAI',
    make: (options) => googleGenAI('m', options),
    ...GOOGLE,
    baseURLVariable: 'GOOGLE_GEMINI_BASE_URL',
  },
  { name: 'gemini', make: (options) => gemini('m', options), ...GOOGLE },
  { name: 'groq', make: preset('groq'), variables: ['GROQ_API_KEY'], host: 'api.groq.com' },
  {
    name: 'openrouter',
    make: preset('openrouter'),
    variables: ['OPENROUTER_API_KEY'],
    host: 'openrouter.ai',
  },
  { name: 'xai', make: preset('xai'), variables: ['XAI_API_KEY'], host: 'api.x.ai' },
];

/** Addresses that are not a host's own, although they look like it. */
const elsewhere = (host: string): string[] => [
  'https://proxy.example/v1',
  `http://${host}/v1`,
  `https://${host}:8443/v1`,
  `https://${host}.evil.example/v1`,
  `https://x${host}/v1`,
  `https://evil.example/${host}/v1`,
  `https://evil.example/v1?host=${host}`,
  'http://localhost:4000/v1',
];

const keysSent = (): string[] =>
  sent.flatMap(({ url, headers }) =>
    [url.href, ...Array.from(headers, ([, value]) => value)].some((text) => text.includes(KEY))
      ? [url.hostname]
      : [],
  );

describe.each(rows)('a key of the environment, with $name', ({ make, variables, host }) => {
  beforeEach(() => {
    for (const variable of variables) vi.stubEnv(variable, '');
  });

  it.each(variables)('goes to its own host: %s', async (variable) => {
    vi.stubEnv(variable, KEY);
    await ask(make());
    expect(keysSent()).toEqual([host]);
  });

  it('goes to its own host by its address', async () => {
    vi.stubEnv(variables[0], KEY);
    await ask(make({ baseURL: `https://${host.toUpperCase()}/v1` }));
    expect(keysSent()).toEqual([host]);
  });

  it('goes nowhere else', async () => {
    vi.stubEnv(variables[0], KEY);
    for (const baseURL of elsewhere(host)) {
      try {
        await ask(make({ baseURL }));
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(String(error)).toMatch(/: there is no key at this base URL: pass option "apiKey", because/);
      }
    }
    expect(keysSent()).toEqual([]);
  });

  it('goes elsewhere if it is passed', async () => {
    await ask(make({ apiKey: KEY, baseURL: 'https://proxy.example/v1' }));
    expect(keysSent()).toEqual(['proxy.example']);
  });
});

describe.each(rows.filter(({ baseURLVariable }) => baseURLVariable))(
  'a key of the environment, with the SDK of $name',
  ({ name, make, variables, host, baseURLVariable = '' }) => {
    it('does not follow the base URL of the environment', async () => {
      vi.stubEnv(variables[0], KEY);
      for (const address of elsewhere(host)) {
        vi.stubEnv(baseURLVariable, address);
        expect(() => make()).toThrow(`${name}: there is no key at the base URL of ${baseURLVariable}: pass`);
        // A base URL that is passed comes first.
        await ask(make({ baseURL: `https://${host}` }));
      }
      expect(new Set(keysSent())).toEqual(new Set([host]));
    });

    it('stays where it was meant to go, if the variable is set later', async () => {
      vi.stubEnv(variables[0], KEY);
      const model = make();
      vi.stubEnv(baseURLVariable, 'https://proxy.example/v1');
      await ask(model);
      expect(keysSent()).toEqual([host]);
    });
  },
);

it('sends the headers of the environment to no other host', async () => {
  for (const [variable, make] of [
    ['OPENAI_CUSTOM_HEADERS', (options) => openai('m', options)],
    ['ANTHROPIC_CUSTOM_HEADERS', (options) => anthropic('m', options)],
  ] as readonly [string, Make][]) {
    vi.stubEnv(variable, `X-Team: a\nX-Token: ${KEY}`);
    vi.stubEnv('OPENAI_ORG_ID', KEY);
    vi.stubEnv('OPENAI_PROJECT_ID', KEY);
    vi.stubEnv('OPENAI_ADMIN_KEY', KEY);
    await ask(make({ apiKey: 'mine', baseURL: 'https://proxy.example/v1' }));
    expect(keysSent()).toEqual([]);
    expect(sent).toHaveLength(1);
    await ask(make({ apiKey: 'mine' }));
    expect(keysSent()).toHaveLength(1);
    sent = [];
  }
});

describe('by name', () => {
  it('refuses a key of the environment for another host, and says what to do', () => {
    vi.stubEnv('OPENAI_API_KEY', KEY);
    const make = (): unknown =>
      createAutoEnsemble({ models: ['openai/m'], baseURLs: { openai: 'https://proxy.example/v1' } });
    expect(make).toThrow(
      'createAutoEnsemble: there is no key for openai at this base URL: pass apiKeys.openai, because a key from the environment (OPENAI_API_KEY) is sent only to api.openai.com',
    );
  });

  it('sends the key of a provider to that provider', async () => {
    vi.stubEnv('OPENAI_API_KEY', KEY);
    vi.stubEnv('ANTHROPIC_API_KEY', KEY);
    const origins: string[] = [];
    // Models of OpenAI by name use undici rather than `fetch`.
    const onRequest = (message: unknown): void => {
      const { request } = message as { request: { origin: string; headers: unknown } };
      if (JSON.stringify(request.headers).includes(KEY)) origins.push(String(request.origin));
    };
    subscribe('undici:request:create', onRequest);
    for (const name of ['openai/m', 'anthropic/m']) {
      await createAutoEnsemble({ models: [name] })
        .predict('?')
        .catch(() => undefined);
    }
    unsubscribe('undici:request:create', onRequest);
    expect(keysSent()).toEqual(['api.anthropic.com']);
    expect(origins).toEqual(['https://api.openai.com']);
  });

  it('refuses the base URL of an SDK on the command line', async () => {
    const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'https://proxy.example/v1' };
    const { code, stderr } = await runCommand(['predict', '?', '--models', 'openai/m'], { env });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'there is no key for openai at the base URL of OPENAI_BASE_URL: unset it, because',
    );
    expect(keysSent()).toEqual([]);
  });
});

describe("the address of a server of one's own", () => {
  it.each([
    ['', 'http://localhost:11434/v1/chat/completions'],
    ['127.0.0.1:9000', 'http://127.0.0.1:9000/v1/chat/completions'],
    ['https://gpu.example/', 'https://gpu.example/v1/chat/completions'],
  ])('is that of OLLAMA_HOST: %j', async (host, url) => {
    vi.stubEnv('OLLAMA_HOST', host);
    await ask(preset('ollama')());
    expect(sent.map((request) => request.url.href)).toEqual([url]);
  });
});
