import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { createEnsemble, defineModel, type Model } from '../../src/index.ts';

/** Every entry of the package, with its sources. */
const entries = Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
  typeof entry === 'string'
    ? []
    : [[subpath, entry.default.replace('./dist/', '../../src/').replace(/\.js$/, '.ts')] as const],
);

const reports = fileURLToPath(new URL('../../etc/', import.meta.url));

/** Every name of a property in the public types: all options are among them. */
const names = [
  ...new Set(
    readdirSync(reports).flatMap((file) =>
      Array.from(
        readFileSync(reports + file, 'utf8').matchAll(/^\s+(?:readonly )?(\w+)\??[:(]/gm),
        ([, name]) => name as string,
      ),
    ),
  ),
];

const base62 = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'), {
      minLength: length,
      maxLength: length,
    })
    .map((characters) => characters.join(''));

const hex = (length: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: 16n ** BigInt(length - 1), max: 16n ** BigInt(length) - 1n }).map((n) => n.toString(16));

/** Keys as providers make them, and as people choose them. */
const keys: Readonly<Record<string, fc.Arbitrary<string>>> = {
  openai: base62(48).map((text) => `sk-proj-${text}`),
  anthropic: base62(90).map((text) => `sk-ant-api03-${text}AA`),
  google: base62(35).map((text) => `AIza${text}`),
  groq: base62(52).map((text) => `gsk_${text}`),
  xai: base62(80).map((text) => `xai-${text}`),
  hex: hex(32),
  base64: fc
    .uint8Array({ minLength: 30, maxLength: 31 })
    .map((bytes) => Buffer.from(bytes).toString('base64')),
  jwt: base62(60).map((text) => `eyJhbGciOiJIUzI1NiJ9.${text}.${text.slice(17)}`),
  uuid: fc.uuid(),
  short: fc.integer({ min: 8, max: 16 }).chain(base62),
  password: base62(10).map((text) => `${text.slice(0, 5)}!&%${text.slice(5)}#1`),
  url: base62(20).map((text) => `https://me:${text}@host.example/v1`),
  query: base62(20).map((text) => `https://host.example/v1?key=${text}`),
};

/** All that a reader of logs may see of a value. */
const seen = (value: unknown): string =>
  [
    inspect(value, { depth: 8, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    ...(value instanceof Error ? [value.message, value.stack ?? '', JSON.stringify(value)] : []),
  ].join('\n');

/** Whether a text shows a key, or eight characters of it in a row. */
const shows = (text: string, key: string): boolean =>
  Array.from({ length: Math.max(1, key.length - 7) }, (_, start) => key.slice(start, start + 8))
    // The beginnings and ends are those of every key and of every address.
    .filter(
      (part) =>
        !/^(?:sk-|https:|eyJhbGciOiJIUzI1NiJ9|ttps:|tps:|ps:|s:|:|\/|[\w.]*host\.|[.@\w]*example)/.test(part),
    )
    .some((part) => text.includes(part));

/** Where options may stand among the arguments. */
const places: readonly ((options: object, name: string) => unknown[])[] = [
  (options) => [options],
  (options, name) => [name, options],
  (options) => [[], options],
  (options, name) => [[], name, options],
];

/** Values in which a key may get by a slip. */
const valuesWith = (key: string): unknown[] => [key, [key], { [key]: true }, { a: key }, { id: key }];

/** Arguments with a key at each place where one may get by a slip. */
const slips = (key: string, options: readonly string[], first: string): unknown[][] => {
  const values = valuesWith(key);
  return [
    ...values.flatMap((value) => [[value], [first, value], [{}, value], [[], value]]),
    [key, key],
    [key, key, key],
    [first, {}, key],
    ...places.flatMap((place) => [
      place(Object.fromEntries(names.map((name) => [name, key])), first),
      ...options.flatMap((name) => values.map((value) => place({ [name]: value }, first))),
    ]),
  ];
};

/** Calls a function, and returns its error if it fails at once or as a promise, of whatever class. */
const failureOf = async (
  call: (...args: unknown[]) => unknown,
  args: unknown[],
  use: (result: unknown) => unknown = () => undefined,
): Promise<unknown> => {
  try {
    const result = call(...args);
    if (result instanceof Promise) await result;
    await use(result);
    return undefined;
  } catch (error) {
    return error;
  }
};

/** Calls what a function has returned, such as a policy, a rule or a scorer, and throws the error that shows the key. */
const calledWith =
  (key: string) =>
  async (result: unknown): Promise<void> => {
    if (typeof result !== 'function') return;
    for (const value of valuesWith(key)) {
      const error = await failureOf((...args) => Reflect.apply(result, undefined, args), [value, value]);
      if (shows(seen(error), key)) throw error;
    }
  };

/** The options of a function, as its own message lists them. */
const optionsOf = async (
  call: (...args: unknown[]) => unknown,
  first: string,
): Promise<readonly string[]> => {
  const listed = await Promise.all(
    places.map(async (place) => {
      const error = await failureOf(call, place({ zzzzzzzz: 1 }, first));
      return /the options are ([\w, ]+)/.exec(String(error))?.[1]?.split(', ') ?? [];
    }),
  );
  return [...new Set(listed.flat())];
};

/** They send, start or write something with valid arguments; their other arguments are those of functions that are called. */
const LEFT_OUT = new Set(['startFaultServer', 'modelContract']);

const shapes = Object.entries(keys);

describe.each(entries)('%s', async (subpath, source) => {
  const exported: Record<string, unknown> = await import(source);
  const functions = Object.entries(exported).filter(
    ([name, value]) => typeof value === 'function' && !/^[A-Z]/.test(name) && !LEFT_OUT.has(name),
  ) as [string, (...args: unknown[]) => unknown][];

  it('shows no key that is passed in a wrong place', async () => {
    // A folder that does not exist, so that nothing is written.
    const folder = subpath === './node' ? 'no-such-folder/' : '';
    const shown: string[] = [];
    const options = await Promise.all(functions.map(([, call]) => optionsOf(call, `${folder}m`)));
    for (const [turn, [shape, arbitrary]] of shapes.entries()) {
      const [sampled = ''] = fc.sample(arbitrary, { numRuns: 1, seed: 12 });
      const key = folder + sampled;
      for (const [index, [name, call]] of functions.entries()) {
        // The shapes take turns, because all of them at all places take a minute.
        for (const [place, args] of slips(key, options[index] ?? [], `${folder}m`).entries()) {
          if (place % shapes.length !== turn) continue;
          const error = await failureOf(call, args, calledWith(sampled));
          if (shows(seen(error), sampled)) {
            shown.push(`${name}(${inspect(args, { depth: 3 })}), a key of ${shape}: ${error}`);
          }
        }
      }
    }
    expect(shown.slice(0, 12)).toEqual([]);
  });
});

it.each(shapes)('shows no key that is passed in a wrong place of an ensemble: %s', async (_, arbitrary) => {
  const [key = ''] = fc.sample(arbitrary, { numRuns: 1, seed: 13 });
  const ensemble = createEnsemble({ models: [defineModel('m', () => '4')] });
  const overrides = [
    'models',
    'execution',
    'strategy',
    'normalization',
    'earlyStop',
    'timeoutMs',
    'signal',
    'retry',
  ];
  const queries = [
    [key],
    { [key]: 1 },
    { messages: key },
    { messages: [key] },
    { messages: [{ role: key, content: key }] },
  ];
  const calls = [
    ...queries.map((query) => () => ensemble.predict(query as never)),
    ...[key, [key], { [key]: 1 }].map((value) => () => ensemble.predict('?', value as never)),
    ...overrides.flatMap((name) =>
      valuesWith(key).map((value) => () => ensemble.predict('?', { [name]: value } as never)),
    ),
    ...valuesWith(key).map((value) => async () => {
      for await (const _prediction of ensemble.predictAll(value as never, { concurrency: key } as never))
        break;
    }),
    () => lastValueFrom(ensemble.stream([key] as never, { [key]: 1 } as never)),
  ];
  for (const call of calls) {
    const error = await failureOf(call, []);
    expect(shows(seen(error), key), String(call)).toBe(false);
  }
});

/** The kinds of keys that are known by their beginning: a model may have the others as its name. */
const known = shapes.filter(([shape]) => ['openai', 'anthropic', 'google', 'groq'].includes(shape));

it.each(known)('refuses a key as the name of a model: %s', async (_, arbitrary) => {
  const model = defineModel('m', () => '4');
  for (const key of fc.sample(arbitrary, { numRuns: 20, seed: 14 })) {
    const named: Model = { ...model, id: key };
    const calls = [
      () => createEnsemble({ models: [named] }),
      () => createEnsemble({ models: [named, named] }),
      () => createEnsemble({ models: () => [named] }).predict('?'),
      () => createEnsemble({ models: [model] }).predict('?', { models: [named] }),
      () => createEnsemble({ models: [model] }).asModel(key),
    ];
    for (const call of calls) {
      const error = await failureOf(call, []);
      expect(error, String(call)).toMatchObject({ name: 'ConfigError' });
      expect(shows(seen(error), key), String(call)).toBe(false);
    }
  }
});

it.each(shapes)('shows no key that is the name of an error: %s', async (_, arbitrary) => {
  for (const key of fc.sample(arbitrary, { numRuns: 20, seed: 15 })) {
    const broken = defineModel('m', () => {
      throw Object.assign(new Error('x'), { name: key });
    });
    const error = await failureOf(() => createEnsemble({ models: [broken] }).predict('?'), []);
    expect(error).toMatchObject({ message: 'all models failed: m: the call failed with Error' });
  }
});
