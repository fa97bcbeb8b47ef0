import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { providerMetadata } from '../../src/domain/provider-report.ts';
import { createEnsemble, type Model, type ModelError } from '../../src/index.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { serverWords } from '../../src/providers/server-words.ts';

const KEY = 'x7Kq2mPz9w+/V4tR8';

/** A server that says the key of each request in everything that it says. */
const echoing = (status: number): Model =>
  openaiCompatible('m', {
    baseURL: 'http://localhost/v1',
    apiKey: KEY,
    fetch: async () =>
      new Response(
        JSON.stringify({
          id: `id-${KEY}`,
          model: `m of ${KEY}`,
          choices: [{ message: { content: `4, ${KEY}` }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 1, completion_tokens: 1 },
          ...(status !== 200 && { error: { message: KEY, code: KEY.replace(/\W/g, ''), type: KEY } }),
        }),
        { status, headers: { 'x-request-id': `req ${KEY}`, 'content-type': 'application/json' } },
      ),
  });

const outcomeOf = async (model: Model) => {
  const ensemble = createEnsemble({ models: [model] });
  const events: unknown[] = [];
  ensemble.events$.subscribe((event) => events.push(event));
  const prediction = await ensemble.predict('?').catch((error: unknown) => error);
  return { prediction, events };
};

describe('a key that a server sends back', () => {
  it('stays in the answer alone', async () => {
    const { prediction, events } = await outcomeOf(echoing(200));
    const { text, outcomes } = prediction as Awaited<
      ReturnType<ReturnType<typeof createEnsemble>['predict']>
    >;
    expect(text).toBe(`4, ${KEY}`);
    const response = outcomes[0]?.status === 'answered' ? outcomes[0].response : undefined;
    expect(response?.requestId).toBe('req ***');
    expect(providerMetadata(response)).toEqual({ id: 'id-***', model: 'm of ***' });
    expect(inspect(events, { depth: 8 }).replaceAll(/(?:text|answer|key): .*/g, '')).not.toContain(
      `id-${KEY}`,
    );
  });

  it.each([400, 401, 403, 429, 500])('is not in the error of a status %i', async (status) => {
    const { prediction, events } = await outcomeOf(echoing(status));
    const shown = inspect([prediction, events], { depth: 10, showHidden: true });
    expect(shown).not.toContain(KEY);
  });

  it('is masked within a code', () => {
    const words = serverWords(['sk-secret-1234567']);
    const error = Object.assign(new Error('m: failed (500 sk-secret-1234567)'), {
      code: 'sk-secret-1234567',
      requestId: 'a\u001b[2Jsk-secret-1234567',
    }) as unknown as ModelError;
    expect(inspect(words.error(error), { showHidden: true })).not.toContain('secret');
    expect(error.message).toBe('m: failed (500 ***)');
    expect(error.requestId).toBe('a[2J***');
  });
});

describe('a word of a server', () => {
  const { word } = serverWords(['a key', KEY]);

  it.each([
    ['req_011CSHoEeqs5C35K2UUqR7Fy', 'req_011CSHoEeqs5C35K2UUqR7Fy'],
    ['gpt-6-luna', 'gpt-6-luna'],
    // A short key of a local server would be found everywhere.
    ['a key of ours', 'a key of ours'],
    ['a\r\nb\u001b[31m\u202ec', 'ab[31mc'],
    ['with Bearer abcdef123456 in it', 'with *** in it'],
    [`AIzaSyA1234567890abcdef of another`, '*** of another'],
    [encodeURIComponent(KEY), '***'],
    [KEY.toLowerCase(), '***'],
  ])('is clean: %j', (text, clean) => {
    expect(word(text)).toBe(clean);
  });

  it('has 200 characters at most', () => {
    expect(word('x'.repeat(10_000_000))).toHaveLength(200);
    expect(word(`${'x'.repeat(195)}${KEY}`)).toBe(`${'x'.repeat(195)}***`);
  });
});

describe('a key that a server changes', () => {
  const LONG = 'pz-Qm3vT9xLk2Rw8Yc5Nd7Hb4Jf6Gs1Ae0';
  const half = LONG.slice(0, 20);

  it.each([
    ['in small letters', LONG.toLowerCase()],
    ['percent-encoded', encodeURIComponent(LONG.replace('-', '+')).toLowerCase()],
    ['percent-encoded twice', `%2570z%252D${LONG.slice(3)}`],
    ['divided by spaces', LONG.replaceAll(/(.{9})/g, '$1 ')],
    ['with other separators', LONG.replace('-', '_')],
    ['without its end', half],
    ['in base64', btoa(LONG)],
    ['in base64, within more', btoa(`user:${LONG}:x`)],
    ['repeated', LONG.repeat(150)],
    ['after much else', `${'x '.repeat(2040)}${LONG}`],
  ])('is masked: %s', (_, said) => {
    const word = serverWords([LONG]).word(said);
    expect(word.toLowerCase()).not.toMatch(/qm3vt|9xlk2r|uw0z2v|bTN2V/i);
    expect(word.length).toBeLessThanOrEqual(200);
  });

  it.each([
    `Bearer ${LONG}  `,
    `Token ${LONG}`,
    `Basic ${btoa(`me:${LONG}`)}`,
    `session=${LONG}; a=b`,
    `me:${LONG}`,
  ])('is masked if the header is %j', (header) => {
    expect(serverWords([header]).word(`id ${LONG}`)).toBe('id ***');
  });

  it('is masked in the message of an error, as in its code', () => {
    const error = Object.assign(new Error(`m: failed (500 ${half})`), {
      code: half,
    }) as unknown as ModelError;
    expect(serverWords([LONG]).error(error).message).toBe('m: failed (500 ***)');
    expect(error.code).toBe('***');
  });

  it('leaves the names that a local server shares with its key', () => {
    expect(serverWords(['lm-studio']).word('lmstudio-community/qwen')).toBe('lmstudio-community/qwen');
  });
});

it('shows no key in a model', () => {
  const model = echoing(200);
  expect(`${inspect(model, { depth: 9, showHidden: true })}${JSON.stringify(model)}`).not.toContain(KEY);
});
