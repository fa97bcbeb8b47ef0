import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted } from '../../src/domain/quoted.ts';
import { isErrorName, plainName, quotedName, shownPath } from '../../src/domain/quoting.ts';

/** A key as providers make them, of letters and digits. */
const randomKey = fc
  .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'), {
    minLength: 8,
    maxLength: 80,
  })
  .map((characters) => characters.join(''));

const ofShape = (prefix: string): fc.Arbitrary<string> =>
  randomKey.filter((text) => /\d/.test(text)).map((text) => `${prefix}${text}`);

describe('a value in a message', () => {
  it.each([
    'foo',
    'temperature',
    'maxRetries',
    'minResponces',
    'openai/gpt-6-luna',
    'calls.jsonl',
    'A,B',
    '',
  ])('is quoted if no key is like it: %j', (text) => {
    expect(quoted(text)).toBe(JSON.stringify(text));
  });

  it.each([
    ['hunter2', 'a string of 7 characters'],
    ['correcthorse', 'a string of 12 characters'],
    [
      'sk-proj-abcdefgh12345678',
      'a string of 24 characters that looks like a key (keys are passed as { apiKey })',
    ],
  ])('is described otherwise: %j', (text, description) => {
    expect(quoted(text)).toBe(description);
  });

  it('is not repeated if it is a key of any shape', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          ...['', 'sk-', 'sk-ant-api03-', 'AIza', 'gsk_', 'xai-', 'Bearer '].map(ofShape),
          fc.uuid(),
          fc.string({ minLength: 8, maxLength: 40, unit: 'binary-ascii' }),
        ),
        (key) => !quoted(key).includes(key) || /^[\w ./:,'"-]*$/.test(key),
      ),
      { seed: 12, numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.oneof(ofShape(''), ofShape('sk-'), fc.uuid()), (key) => !quoted(key).includes(key)),
      { seed: 12, numRuns: 3000 },
    );
  });
});

describe('a name in a message', () => {
  it.each([
    'gpt-4o-mini',
    'claude-haiku-4-5-20251001',
    'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8',
    'accounts/fireworks/models/llama-v3p1-405b-instruct',
    'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF',
    'execution=hedged, strategy=weighted',
    'the second condition',
    'task-sk-learn-model',
  ])('is quoted: %s', (name) => {
    expect(quotedName(name)).toBe(`"${name}"`);
    expect(plainName(name)).toBe(name);
  });

  it.each(['sk-ant-api03-GyQLDHL4oAzUhIe42Ak6', 'e9951cc0c1b1d2acbf8bb56011132723', 'x7Kq2!mPz9#w'])(
    'is described if it looks like a key: %s',
    (key) => {
      expect(quotedName(key)).toMatch(/^a string of \d+ characters that looks like a key/);
    },
  );
});

describe('a path in a message', () => {
  it.each([
    ['/tmp/run-1701234567890/calls.jsonl', '/tmp/run-1701234567890/calls.jsonl'],
    ['/var/k2j3h4g5f6d7s8a9/T/calls.jsonl', '/var/…/T/calls.jsonl'],
    ['calls', 'calls'],
  ])('loses the parts that look like a key: %s', (path, shown) => {
    expect(shownPath(path)).toBe(shown);
  });

  it('is described if it is a key', () => {
    expect(shownPath('AIzaGyQLDHL4oAzUhIe42Ak6akCMcXgRtoihLIQ')).toMatch(/^a string of 39 characters/);
  });
});

describe('the name of an error', () => {
  it.each([
    'Error',
    'TypeError',
    'AbortError',
    'DOMException',
    'IOError',
    'ZodError',
    'FetchError',
    'APIConnectionTimeoutError',
    'AI_APICallError',
    'GoogleGenerativeAIFetchError',
    'UnprocessableEntityError',
    'timeout',
  ])('%s is repeated', (name) => {
    expect(isErrorName(name)).toBe(true);
  });

  it.each([
    '',
    'the key sk-1234 is wrong',
    'sk-ant-api03-abcdefghijklmnopqrstuvwxyz',
    'AIzaSyDabcdefghijklmnopqrstuvwxyzError',
    'QwErTyUiOpAsDfError',
    'hunter2hunter2Error',
    'correcthorsebattery',
    `${'A'.repeat(80)}Error`,
  ])('%j is not', (name) => {
    expect(isErrorName(name)).toBe(false);
  });
});
