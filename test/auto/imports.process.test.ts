import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// The modules that a program loads by importing an entry of the package.

const root = new URL('../../', import.meta.url).href;

/** Packages that an entry loads only when it needs them. */
const watched = [
  'openai',
  '@anthropic-ai/sdk',
  '@google/genai',
  '@google/generative-ai',
  '@pydantic/genai-prices',
  'tokenx',
  'undici',
  'eventsource-parser',
  'zod',
];

interface Loaded {
  readonly packages: readonly string[];
  readonly providers: readonly string[];
  readonly urls: readonly string[];
}

/** Runs the parts of a program in its own process. Returns what of the above had been loaded after each part. */
const loadedAfter = (...parts: readonly string[]): readonly Loaded[] => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const source = (path) => import('${root}src/' + path);
    ${parts.map((part) => `${part}\nconsole.log(JSON.stringify(loaded));`).join('\n')}
  `;
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(root),
    env: { PATH, NODE_COMPILE_CACHE },
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').slice(0, -1);
  if (lines.length !== parts.length) throw new Error(stderr);
  return lines.map((line) => {
    const urls: string[] = JSON.parse(line);
    return {
      packages: watched.filter((name) => urls.some((url) => url.includes(`/node_modules/${name}/`))),
      urls,
      providers: urls.flatMap((url) => /src\/providers\/([\w-]+)\.ts$/.exec(url)?.[1] ?? []),
    };
  });
};

const loadedBy = (program: string): Loaded => {
  const [loaded] = loadedAfter(program);
  return loaded ?? { packages: [], providers: [], urls: [] };
};

// No server listens on port 9: the call loads the SDK and fails.
const nowhere = 'http://127.0.0.1:9';

describe('importing', () => {
  it('the package alone loads no SDK and no prices', () => {
    expect(loadedBy(`await source('index.ts');`)).toMatchObject({ packages: [], providers: [] });
  });

  it.each([
    ['openai', 'openai'],
    ['anthropic', '@anthropic-ai/sdk'],
    ['google-genai', '@google/genai'],
    ['gemini', '@google/generative-ai'],
  ])('the entry %s loads no SDK, and asking its model none but %s', (entry, sdk) => {
    const made = entry === 'google-genai' ? 'googleGenAI' : entry;
    const imported = `const { ${made}: model } = await source('providers/${entry}.ts');`;
    const ask = `
      await new Promise((resolve) => {
        const made = model('any', { apiKey: 'key', baseURL: '${nowhere}' });
        made.call({ prompt: 'a', messages: [{ role: 'user', content: 'a' }] }).subscribe({ error: resolve });
      });`;
    const [before, after] = loadedAfter(imported, ask);
    expect(before?.packages).toEqual(['eventsource-parser']);
    expect(after?.packages).toEqual([sdk, 'eventsource-parser']);
  });

  it('the entry pricing loads the prices, and no SDK', () => {
    const { packages } = loadedBy(`await source('catalog/genai-prices.ts');`);
    expect(packages).toEqual(['@pydantic/genai-prices', 'tokenx']);
  });

  it('the entry auto loads no SDK before the first call, for any panel', () => {
    const keys = `{ openai: 'key', anthropic: 'key', google: 'key' }`;
    const { packages, providers } = loadedBy(`
      const { createAutoEnsemble } = await source('auto/auto.ts');
      createAutoEnsemble({ apiKeys: ${keys}, baseURLs: { ollama: '${nowhere}' } });`);
    expect(packages).toEqual(['@pydantic/genai-prices', 'tokenx']);
    for (const provider of ['openai', 'anthropic', 'google-genai', 'openai-compatible']) {
      expect(providers).not.toContain(provider);
    }
  });

  it.each([
    ['anthropic_haiku', '@anthropic-ai/sdk', 'anthropic'],
    ['gemini_flash', '@google/genai', 'google-genai'],
  ])('asking %s through auto loads %s, and nothing of the other providers', (name, sdk, file) => {
    const provider = file === 'google-genai' ? 'google' : file;
    const { packages, providers } = loadedBy(`
      const { predict } = await source('auto/auto.ts');
      const options = { models: ['${name}'], apiKeys: { ${provider}: 'key' }, baseURLs: { ${provider}: '${nowhere}' } };
      const { name } = await predict('a', options).catch((error) => error);
      if (name !== 'AllModelsFailedError') throw new Error(name);`);
    expect(packages).toEqual([sdk, '@pydantic/genai-prices', 'tokenx', 'eventsource-parser']);
    const entries = ['openai', 'anthropic', 'google-genai', 'gemini', 'openai-compatible'];
    expect(providers.filter((provider) => entries.includes(provider))).toEqual([file]);
  });

  it.each(['ollama/llama3.2', 'openai/gpt-6-luna'])('asking %s loads no SDK', (name) => {
    const { packages } = loadedBy(`
      const { predict } = await source('auto/auto.ts');
      const options = {
        models: ['${name}'],
        apiKeys: { openai: 'key' },
        baseURLs: { ollama: '${nowhere}', openai: '${nowhere}' },
      };
      await predict('a', options).catch(() => undefined);`);
    expect(packages).toEqual(['@pydantic/genai-prices', 'tokenx', 'undici', 'eventsource-parser']);
  });
});
