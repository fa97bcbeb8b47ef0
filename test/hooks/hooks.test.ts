import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hooksOf } from '../../scripts/hooks.ts';
import { CrucibleError } from '../../src/domain/errors.ts';
import { isA } from '../../src/domain/foreign.ts';
import { hostileErrors, hostilePromises, hostileValues } from './hostile.ts';
import { exempt, type Hook, type HostileFunction, limit, table, wordsOfError } from './table.ts';
import { unhandledDuring } from './unhandled-during.ts';

const endless: ReadonlySet<string> = new Set(['a promise without end', 'a function with a then']);

/** Stands for an error that the caller receives as it was thrown. */
const ITS_OWN = 'its own error';

let printed: string[] = [];

beforeEach(() => {
  printed = [];
  limit.timeoutMs = 10_000;
  for (const method of ['error', 'warn'] as const)
    vi.spyOn(console, method).mockImplementation((line) => void printed.push(String(line)));
});

afterEach(() => void vi.restoreAllMocks());

/** Everything that a caller can read after a hook was used. */
const usedWith = async (
  { use, isAsync = false, rethrows = false }: Hook,
  hostile: HostileFunction,
  isThrown = false,
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
      const isItsOwn = rethrows && (isThrown || isAsync) && !isA(error, CrucibleError);
      if (!isItsOwn) expect(error).toBeInstanceOf(CrucibleError);
      words = isItsOwn ? ITS_OWN : wordsOfError(error);
    }
  });
  expect(unhandled).toStrictEqual([]);
  expect(calls).toBeGreaterThan(0);
  return { words: [words, ...printed].join('\n'), calls };
};

it('every hook in the types of the public API is in the table, or says why not', () => {
  expect([...Object.keys(table), ...Object.keys(exempt)].sort()).toStrictEqual(hooksOf());
});

/** Hooks that reach the same code as others: a few of the behaviours will do. */
const alike =
  /^(Auto\w+|Value\w+|Choices|OverridesFor|PredictOverrides|EventHandlers|Logger|RescoreOptions)\./;

describe.each(Object.entries(table))('%s', (name, hook) => {
  const some = <Row>(rows: readonly Row[]): Row[] =>
    alike.test(name) ? rows.filter((_, index) => index % 4 === 1) : [...rows];

  const expectTold = (words: string): void => {
    if (hook.untold === undefined && !words.startsWith(ITS_OWN)) expect(words).toMatch(hook.told ?? /./);
  };

  it.each(some(hostileErrors))('may throw %s', async (_what, make) => {
    const throwing = (): never => {
      throw make();
    };
    const { words } = await usedWith(hook, throwing, true);
    expectTold(words);
  });

  it.each(some(hostilePromises).filter(([what]) => !(hook.waits && endless.has(what))))(
    'may return %s',
    async (what, make) => {
      if (endless.has(what)) limit.timeoutMs = 20;
      const { words } = await usedWith(hook, make);
      const isFault = /reject|throws/.test(what);
      if (hook.isAsync && hook.rethrows) return;
      if (hook.isCallback || hook.isAsync ? isFault : true) expectTold(words);
    },
  );

  it.each(some(hostileValues).filter(([what]) => !hook.isCallback && !hook.accepts?.includes(what)))(
    'may return %s',
    async (_what, make) => {
      const { words } = await usedWith(hook, make);
      expectTold(words);
    },
  );
});
