import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainCopy } from '../../../src/experiment/journal/plain-copy.ts';

/** An object in this many objects. */
const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => ({ inner }), 'text');

describe('a plain copy', () => {
  it('of any value is what JSON reads back, or is refused', () => {
    const values = fc.anything({
      maxDepth: 2,
      maxKeys: 3,
      // Numbers that are not finite are left out of objects.
      values: [
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constantFrom(null, undefined, 0),
      ],
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
    });
    let copies = 0;
    fc.assert(
      fc.property(values, (value) => {
        let copy: unknown;
        try {
          copy = plainCopy(value);
        } catch (error) {
          expect(error).toMatchObject({ name: 'NotPlainError', message: expect.stringMatching(/./) });
          return;
        }
        copies += 1;
        expect(JSON.parse(JSON.stringify(copy))).toEqual(copy);
        expect(copy).toEqual(value);
      }),
      { numRuns: 100, seed: 12 },
    );
    expect(copies).toBeGreaterThan(10);
  });

  it('has a limit of nesting, which a value without end passes', () => {
    expect(plainCopy(nested(100))).toEqual(nested(100));
    expect(() => plainCopy(nested(101))).toThrow('contains itself, or is nested too deeply');
  });

  it('says where a fault is, at the value itself too, and at no great length', () => {
    expect(() => plainCopy(undefined)).toThrow(/^it is undefined$/);
    expect(() => plainCopy(Number.NaN)).toThrow(/^it is not a finite number$/);
    expect(() => plainCopy({ a: [{ b: 5n }] })).toThrow(/^a\[0\]\.b is a BigInt$/);
    expect(() => plainCopy({ ['x'.repeat(5000)]: 5n })).toThrow(/^x{200} is a BigInt$/);
  });

  it('has the members of an object of another realm, and no prototype that a member could replace', () => {
    const foreign: object = Object.create(Object.create(null), { a: { value: 1, enumerable: true } });
    const copy = plainCopy(foreign);
    expect({ ...(copy as object) }).toStrictEqual({ a: 1 });
    const odd: unknown = JSON.parse('{"__proto__":{"polluted":true},"a":1}');
    const copied = plainCopy(odd) as object;
    expect(Object.keys(copied)).toStrictEqual(['__proto__', 'a']);
    expect('polluted' in copied).toBe(false);
  });
});
