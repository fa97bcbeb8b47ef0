import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ModelError, toModelError } from '../../src/domain/errors.ts';
import {
  asPromise,
  faultOf,
  guarding,
  isA,
  kindOf,
  nameOf,
  readSafely,
  returned,
  runAside,
  silence,
  strayOf,
} from '../../src/domain/foreign.ts';
import { UserCodeError } from '../../src/domain/no-prediction.ts';
import { hostileErrors, hostilePromises, hostileValues } from '../hooks/hostile.ts';
import { unhandledDuring } from '../hooks/unhandled-during.ts';

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const throwing = (make: () => unknown) => (): never => {
  throw make();
};

describe.each(hostileErrors)('%s, when it is thrown', (_what, make) => {
  it('has a name that can be read', () => {
    expect(nameOf(make())).toMatch(/^(\w+|a value that is not an error)$/);
  });

  it('is an error of the model', async () => {
    const errors: ModelError[] = [];
    await unhandledDuring(() => {
      errors.push(
        toModelError('m', make()),
        new UserCodeError('a', { cause: make() }) as unknown as ModelError,
      );
      silence(errors[0]?.cause);
      silence(errors[1]?.cause);
    });
    expect(errors.map(({ message }) => message)).toStrictEqual([
      expect.stringMatching(/^m: the call failed with /),
      expect.stringMatching(/^a threw /),
    ]);
  });

  it('does not get out of a function that is guarded', async () => {
    const faults: string[] = [];
    const unhandled = await unhandledDuring(() => {
      guarding(throwing(make), (fault) => faults.push(fault));
      runAside('a hook', throwing(make), (fault) => faults.push(fault));
      runAside(
        'a hook',
        async () => throwing(make)(),
        (fault) => faults.push(fault),
      );
      runAside('a hook', throwing(make), throwing(make));
    });
    expect(unhandled).toStrictEqual([]);
    expect(faults).toStrictEqual([
      expect.stringMatching(/^threw /),
      expect.stringMatching(/^failed with /),
      expect.stringMatching(/^failed with /),
    ]);
  });
});

describe.each(hostilePromises)('%s, when it is returned', (_what, make) => {
  it('is refused and silenced', async () => {
    const faults: string[] = [];
    const unhandled = await unhandledDuring(() => {
      guarding(make, (fault) => faults.push(fault));
      expect(strayOf(make())).toMatch(/^a (promise|value that cannot be read)$/);
      silence(make());
    });
    expect(unhandled).toStrictEqual([]);
    expect(faults).toStrictEqual([
      expect.stringMatching(
        /^returned (a promise, but must return its result at once|a value that cannot be read)$/,
      ),
    ]);
  });

  it('is silenced when nobody needs it', async () => {
    expect(await unhandledDuring(() => runAside('a hook', make))).toStrictEqual([]);
  });
});

describe.each(hostileValues)('%s, when it is returned', (_what, make) => {
  it('is described without being read', () => {
    expect(kindOf(make())).toMatch(/^[\w ]+$/);
    expect(readSafely(make(), 'text')).toBeUndefined();
    expect(isA(make(), Map)).toBe(false);
  });

  it('is refused if something else is expected', () => {
    const fault = guarding(
      make,
      (words): unknown => words,
      () => 'a number',
    );
    expect(fault).toMatch(
      /^(must return a number, but returned [\w ]+|returned a value that cannot be read)$/,
    );
  });
});

describe('a value that a function may return', () => {
  it.each([1, '', 'text', null, undefined, true, 1n, Symbol.iterator, { a: 1 }, [], () => 1])(
    'is returned as it is: %o',
    (value) => {
      expect(returned(value)).toBe(value);
    },
  );
});

describe('an error of the library', () => {
  it('stays as it is', () => {
    const error = new ModelError('m', 'x');
    expect(toModelError('n', error)).toBe(error);
  });

  it.each(['message', 'name', 'isRetryable', 'costUsd', 'retryAfterMs'])(
    'whose %s throws is an error of the model',
    (name) => {
      const error = Object.defineProperty(new ModelError('m', 'x'), name, {
        get() {
          throw new Error('a trap');
        },
      });
      expect(toModelError('n', error)).toMatchObject({
        message: expect.stringMatching(/^n: the call failed/),
      });
    },
  );
});

it('names no error by what may be a key', () => {
  expect(nameOf(Object.assign(new Error('x'), { name: 'the key sk-1234 is wrong' }))).toBe('Error');
  expect(faultOf(new SyntaxError('sk-1234'))).toBe('threw SyntaxError');
});

it('rejects with what a function throws, and takes the value of a thenable', async () => {
  await expect(asPromise(throwing(() => new RangeError('x')))).rejects.toThrow(RangeError);
  await expect(asPromise(() => Promise.resolve(4))).resolves.toBe(4);
  await expect(asPromise(() => 4)).resolves.toBe(4);
});
