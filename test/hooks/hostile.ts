/** What the function of a caller may do instead of what it should, as a table for tests. */

/** An error. Reading its name or message throws. */
class UnreadableError extends Error {
  override get name(): string {
    throw new Error('a name that throws');
  }
}

Object.defineProperty(UnreadableError.prototype, 'message', {
  get() {
    throw new Error('a message that throws');
  },
});

const refuse = (): never => {
  throw new Error('a trap');
};

/** A Proxy with traps that throw, whatever is done with it. */
const trapped = (target: object): object =>
  new Proxy(
    target,
    Object.fromEntries(
      [
        'apply',
        'construct',
        'defineProperty',
        'deleteProperty',
        'get',
        'getOwnPropertyDescriptor',
        'getPrototypeOf',
        'has',
        'isExtensible',
        'ownKeys',
        'preventExtensions',
        'set',
        'setPrototypeOf',
      ].map((trap) => [trap, refuse]),
    ),
  );

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** Errors that throw when they are read, and values that are no errors. */
export const hostileErrors: readonly (readonly [what: string, make: () => unknown])[] = [
  ['an error', () => new RangeError('a bug')],
  ['an error whose name and message throw', () => new UnreadableError()],
  [
    'an error whose own properties throw',
    () =>
      Object.defineProperties(
        new Error('x'),
        Object.fromEntries(
          ['name', 'message', 'stack', 'cause', 'then'].map((name) => [name, { get: refuse }]),
        ),
      ),
  ],
  ['an error whose name is no text', () => Object.assign(new Error('x'), { name: Symbol('name') })],
  ['an error whose toString throws', () => Object.assign(new Error('x'), { toString: refuse })],
  ['a Proxy of an error that throws', () => trapped(new Error('x'))],
  ['a revoked Proxy', revoked],
  ['undefined', () => undefined],
  ['null', () => null],
  ['a text', () => 'a text'],
  ['a symbol', () => Symbol('thrown')],
  ['an object without a prototype', () => Object.create(null)],
];

/** Promises and the like in place of a result. */
export const hostilePromises: readonly (readonly [what: string, make: () => unknown])[] = [
  ['a fulfilled promise', () => Promise.resolve(1)],
  ['a rejected promise', () => Promise.reject(new Error('rejected'))],
  [
    'a promise that is rejected later',
    () => new Promise((_, reject) => setImmediate(reject, new Error('late'))),
  ],
  ['a promise without end', () => new Promise(() => undefined)],
  [
    'a rejected promise with another then',
    () => Object.defineProperty(Promise.reject(new Error('rejected')), 'then', { value: refuse }),
  ],
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  ['a thenable that rejects', () => ({ then: (_: unknown, reject: (e: unknown) => void) => reject('no') })],
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  ['a thenable whose then throws', () => ({ then: refuse })],
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  ['a thenable whose then is async and throws', () => ({ then: async () => refuse() })],
  ['a thenable with a then that throws when read', () => Object.defineProperty({}, 'then', { get: refuse })],
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  ['a function with a then', () => Object.assign(() => 1, { then: () => undefined })],
];

/** Values of the wrong kind in place of a result. */
export const hostileValues: readonly (readonly [what: string, make: () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['NaN', () => Number.NaN],
  ['a symbol', () => Symbol('value')],
  ['an empty object', () => ({})],
  ['a Proxy that throws', () => trapped({})],
  ['a Proxy of a function that throws', () => trapped(() => 1)],
  ['a revoked Proxy', revoked],
  [
    'an object with a getter that throws',
    () => Object.defineProperty({}, 'text', { get: refuse, enumerable: true }),
  ],
];
