import fc from 'fast-check';
import { expect, it } from 'vitest';
import { given } from '../../src/domain/given.ts';

const textbook = (properties: object): object =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

it('keeps what filtered entries keep, in their order', () => {
  const names = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '0', '2', 'a'));
  const values = fc.oneof(
    fc.constant(undefined),
    fc.constant(null),
    fc.integer(),
    fc.object({ maxDepth: 1 }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values)), (entries) => {
      const properties = Object.fromEntries(entries);
      const kept = given(properties);
      expect(Object.entries(kept)).toEqual(Object.entries(textbook(properties)));
      expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
    }),
  );
});

it('leaves out what is inherited, or has a symbol as its name', () => {
  const properties = Object.assign(Object.create({ inherited: 1 }), { own: 2, [Symbol('own')]: 3 });
  expect(Reflect.ownKeys(given(properties))).toEqual(['own']);
});
