/**
 * Foreign code: the functions that a caller passes, and the errors that they throw. They may do anything: throw, return a
 * promise that is not awaited, return a value that throws when it is read. This module is the one way to run and to read
 * them.
 */

import { isObject } from './is-object.ts';
import { isPromise } from './is-promise.ts';
import { isErrorName, TOO_SHORT_FOR_A_KEY } from './quoting.ts';

/** Returns what is expected if a value is not; `undefined` if the value is valid. */
export type Expectation = (value: unknown) => string | undefined;

/** The words for a value that throws when it is read, such as a Proxy or an object with a getter. */
const UNREADABLE = 'a value that cannot be read';

const ignore = (): void => {
  // The fault is reported elsewhere, or nothing depends on it.
};

/** Whether a value is an instance of a class. `instanceof` throws for some Proxies; this does not. */
export const isA = <Instance>(
  value: unknown,
  kind: abstract new (...parameters: never) => Instance,
): value is Instance => {
  try {
    return value instanceof kind;
  } catch {
    return false;
  }
};

/** Reads a property of any value; `undefined` if reading it throws. */
export const readSafely = (value: unknown, name: PropertyKey): unknown => {
  try {
    return isObject(value) || typeof value === 'function' ? Reflect.get(value, name) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Follows a promise of a caller, native or not. Its `then` may throw, be async, or call both functions. Accepts any value; one
 * that is no promise is never settled. `onValue` must not throw.
 */
export const follow = (
  value: unknown,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): void => {
  if (!isObject(value) && typeof value !== 'function') return;
  if (isPlainPromise(value)) {
    value.then(onValue, onError);
    return;
  }
  // A promise may have a `then` of its own that drops the rejection, which would end the process.
  if (isA(value, Promise)) silenceNative(value);
  try {
    const then: unknown = Reflect.get(value, 'then');
    const next: unknown = typeof then === 'function' && Reflect.apply(then, value, [onValue, onError]);
    if (isA(next, Promise)) Promise.prototype.then.call(next, ignore, onError);
  } catch (error) {
    onError(error);
  }
};

const { then: nativeThen } = Promise.prototype;

/** Whether a promise is as the language makes it, as nearly all are. It needs one more promise, where others need three. */
const isPlainPromise = (value: object): value is Promise<unknown> => {
  try {
    return (
      Object.getPrototypeOf(value) === Promise.prototype &&
      (value as Promise<unknown>).then === nativeThen &&
      value.constructor === Promise
    );
  } catch {
    return false;
  }
};

const silenceNative = (promise: Promise<unknown>): void => {
  try {
    Promise.prototype.then.call(promise, ignore, ignore);
  } catch {
    // It is no promise, but a Proxy of one.
  }
};

/**
 * Silences a promise that is not awaited: its rejection would end the process. Accepts any value.
 *
 * @param onRejection receives what the promise is rejected with.
 */
export const silence = (value: unknown, onRejection: (error: unknown) => void = ignore): void =>
  follow(value, ignore, onRejection);

/** Returns the name of a thrown value. The message is not repeated: it may hold a key or an answer. */
export const nameOf = (error: unknown): string => {
  if (!isA(error, Error)) {
    silence(error);
    return 'a value that is not an error';
  }
  const name = readSafely(error, 'name');
  return typeof name === 'string' && isErrorName(name) ? name : 'Error';
};

/**
 * Returns what a value is if a function must not return it: a promise, or a value that cannot be read. Silences it. Returns
 * `undefined` for any other value, at the cost of a `typeof` for a primitive one.
 */
export const strayOf = (value: unknown): string | undefined => {
  if (!isObject(value) && typeof value !== 'function') return undefined;
  try {
    if (typeof Reflect.get(value, 'then') !== 'function') return undefined;
  } catch {
    silence(value);
    return UNREADABLE;
  }
  silence(value);
  return 'a promise';
};

/** Stands for a value that a function must not return. Its message continues from the name of the function. */
class UnexpectedReturn extends TypeError {
  override readonly name = 'TypeError';
}

/**
 * Checks what a function of a caller returned, within the `try` that catches what it throws: no promise, and what `expects`
 * accepts.
 *
 * @throws a value that {@link faultOf} describes.
 */
export const returned = <Value>(value: Value, expects?: Expectation): Value => {
  const stray = strayOf(value);
  if (stray === 'a promise')
    throw new UnexpectedReturn('returned a promise, but must return its result at once');
  if (stray !== undefined) throw new UnexpectedReturn(`returned ${stray}`);
  const expected = expects?.(value);
  if (expected !== undefined)
    throw new UnexpectedReturn(`must return ${expected}, but returned ${kindOf(value)}`);
  return value;
};

/**
 * Runs a function of a caller that may be a factory of this library, given itself in place of what it makes. Such a factory
 * refuses what it is called with by an error that names it.
 *
 * @throws a value that {@link faultOf} describes.
 */
export const calledAs = <Value>(name: string, run: () => Value): Value => {
  try {
    return run();
  } catch (error) {
    const faults = readSafely(error, 'faults');
    if (
      isArray(faults) &&
      faults.every((fault) => typeof fault === 'string' && fault.startsWith(`${name}: `))
    )
      throw new UnexpectedReturn('is a factory: call it, and pass what it returns');
    throw error;
  }
};

/** Says what a function of a caller did wrong, to continue from its name: `threw RangeError`, `returned a promise…`. */
export const faultOf = (error: unknown): string =>
  isA(error, UnexpectedReturn) ? error.message : `threw ${nameOf(error)}`;

/** Whether a value is an array. A revoked proxy is none. */
export const isArray = (value: unknown): value is readonly unknown[] => {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
};

/** Describes a value without quoting it, since it may be an answer or a key. Numbers and the like are safe. */
export const kindOf = (value: unknown): string => {
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'function') return 'a function';
  if (!isObject(value)) return String(value);
  if (typeof readSafely(value, 'then') === 'function') return 'a promise';
  try {
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  } catch {
    return UNREADABLE;
  }
};

/** Describes a value as {@link kindOf} does, but quotes a text that is too short for a key, such as a confidence of `"0.9"`. */
export const briefly = (value: unknown): string =>
  typeof value === 'string' && value.length <= TOO_SHORT_FOR_A_KEY ? JSON.stringify(value) : kindOf(value);

/**
 * A text as it is, and any other value in words. The constructors of errors accept any value: an error about an
 * error would hide it.
 */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : kindOf(value));

/**
 * Runs a function of a caller that must return at once. Never throws: if the function throws, or returns a promise or what
 * `expects` refuses, the result is that of `otherwise`, which receives the fault in words. Not for code that runs in every
 * prediction; that calls {@link returned} in a `try` of its own.
 */
export const guarding = <Value>(
  run: () => Value,
  otherwise: (fault: string, error: unknown) => Value,
  expects?: Expectation,
): Value => {
  try {
    return returned(run(), expects);
  } catch (error) {
    return otherwise(faultOf(error), error);
  }
};

/** Says that a callback failed, by the name of its error: the message may quote an answer. */
const reportFault = (hook: string, fault: string): void => {
  // biome-ignore lint/suspicious/noConsole: a callback that fails must not be lost, and must not fail the call
  console.error(`crucible-ensemble: ${hook} ${fault}; handle its errors`);
};

/**
 * Runs a callback of a caller: its result does not matter, and it may be async. Never throws.
 *
 * @param report receives what it throws or rejects with, in words and as it is. Default: writes the words with `console.error`.
 */
export const runAside = (
  hook: string,
  run: () => unknown,
  report: (fault: string, error: unknown) => unknown = (fault) => reportFault(hook, fault),
): void => {
  let hasFailed = false;
  const fail = (error: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    const fault = `failed with ${nameOf(error)}`;
    try {
      silence(report(fault, error), () => reportFault(hook, fault));
    } catch (other) {
      silence(other);
      reportFault(hook, fault);
    }
  };
  try {
    silence(run(), fail);
  } catch (error) {
    fail(error);
  }
};

/** Silences the promise of a callback, and reports what it is rejected with. Accepts any value. */
export const reportRejection = (hook: string, result: unknown): void =>
  silence(result, (error) => reportFault(hook, `failed with ${nameOf(error)}`));

/** Runs a function of a caller that may be async. An error that it throws is a rejection. */
export const asPromise = <Value>(run: () => Value | PromiseLike<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const result = run();
    if (isPromise(result)) follow(result, resolve as (value: unknown) => void, reject);
    else resolve(result);
  });
