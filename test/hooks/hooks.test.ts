import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hooksOf } from '../../scripts/hooks.ts';
import { CrucibleError } from '../../src/domain/errors.ts';
import { hostileErrors, hostilePromises, hostileValues } from './hostile.ts';
import { exempt, type Hook, type HostileFunction, table, wordsOfError } from './table.ts';
import { unhandledDuring } from './unhandled-during.ts';

let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const method of ['error', 'warn'] as const)
    vi.spyOn(console, method).mockImplementation((line) => void printed.push(String(line)));
});

afterEach(() => void vi.restoreAllMocks());

/** Everything that a caller can read after a hook was used. */
const usedWith = async (
  { use }: Hook,
  hostile: HostileFunction,
): Promise<{ words: string; calls: number }> => {
  let calls = 0;
  const counted: HostileFunction = (...given) => {
    calls += 1;
    return hostile(...given);
  };
  let words = '';
  const unhandled = await unhandledDuring(async () => {
    try {
      words = String((await use(counted)) ?? '');
    } catch (error) {
      expect(error).toBeInstanceOf(CrucibleError);
      words = wordsOfError(error);
    }
  });
  expect(unhandled).toStrictEqual([]);
  expect(calls).toBeGreaterThan(0);
  return { words: [words, ...printed].join('\n'), calls };
};

it('every hook in the types of the public API is in the table, or says why not', () => {
  expect([...Object.keys(table), ...Object.keys(exempt)].sort()).toStrictEqual(hooksOf());
});

describe.each(Object.entries(table))('%s', (_name, hook) => {
  const expectTold = (words: string): void => {
    if (hook.untold === undefined) expect(words).toMatch(hook.told ?? /./);
  };

  it.each(hostileErrors)('may throw %s', async (_what, make) => {
    const { words } = await usedWith(hook, () => {
      throw make();
    });
    expectTold(words);
  });

  it.each(hostilePromises)('may return %s', async (what, make) => {
    const { words } = await usedWith(hook, make);
    const isFault = /reject|throws/.test(what);
    if (hook.isCallback || hook.isAsync ? isFault : true) expectTold(words);
  });

  it.each(hostileValues.filter(([what]) => !hook.isCallback && !hook.accepts?.includes(what)))(
    'may return %s',
    async (_what, make) => {
      const { words } = await usedWith(hook, make);
      expectTold(words);
    },
  );
});
