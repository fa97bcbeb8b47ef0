import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerKey } from '../../src/domain/answer-key.ts';

class City {
  readonly #name: string;
  readonly country = 'France';

  constructor(name: string) {
    this.#name = name;
  }

  toString(): string {
    return this.#name;
  }
}

describe('answerKey', () => {
  it.each([
    ['Paris', 'Paris'],
    ['__proto__', '__proto__'],
    ['', ''],
    [4, '4'],
    [-0, '0'],
    [1.5, '1.5'],
    [true, 'true'],
    [12n, '12'],
    [null, 'null'],
    [{ b: 1, a: [0, -0] }, '{"a":[0,0],"b":1}'],
    [{ a: undefined, b: () => 1, c: [undefined] }, '{"c":[null]}'],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [{ toJSON: () => ({ z: 1, y: 2 }) }, '{"y":2,"z":1}'],
    [[Infinity, -Infinity, null], '[Infinity,-Infinity,null]'],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    [runInNewContext('({ a: [1, { b: 2 }] })'), '{"a":[1,{"b":2}]}'],
    [new URL('https://a.b/c'), '"https://a.b/c"'],
    [{ 'a"b': 'c\n' }, '{"a\\"b":"c\\n"}'],
    [JSON.parse('{"__proto__": 1, "constructor": 2}'), '{"__proto__":1,"constructor":2}'],
  ])('counts %s under %s', (answer, key) => {
    expect(answerKey(answer)).toBe(key);
  });

  it('agrees with JSON.stringify but for the order of keys, which it does not see', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const shuffled = Object.fromEntries(Object.entries(object).reverse());
        expect(answerKey(shuffled)).toBe(answerKey(object));
        expect(JSON.parse(answerKey(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  it('lets one value stand in two places', () => {
    const shared = { x: 1 };
    expect(answerKey([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });

  const nested = (levels: number): unknown => {
    let deep: unknown = 1;
    for (let level = 0; level < levels; level++) deep = [deep];
    return deep;
  };

  it('writes answers nested 500 deep', () => {
    expect(answerKey(nested(500))).toHaveLength(1001);
  });

  it.each([501, 100_000])('refuses answers nested %d deep, before the stack overflows', (levels) => {
    expect(() => answerKey(nested(levels))).toThrow(TypeError);
    expect(() => answerKey(nested(levels))).toThrow('nested deeper than 500');
  });

  it.each([
    [
      'a cycle',
      () => {
        const loop: unknown[] = [];
        loop.push({ loop });
        return loop;
      },
      'contains itself',
    ],
    ['a function', () => () => 1, 'a function'],
    ['nothing', () => undefined, 'got undefined'],
    ['a Map', () => new Map([[1, 2]]), 'a Map'],
    ['a Set within', () => ({ a: [new Set([1])] }), 'a Set'],
    ['NaN', () => Number.NaN, 'got NaN'],
    ['NaN within', () => ({ value: [Number.NaN] }), 'got NaN'],
    ['a wrapped NaN', () => Object(Number.NaN), 'got NaN'],
    ['a date that is none', () => new Date('Lyon'), 'an invalid Date'],
    ['a date that is none, within', () => ({ at: new Date('Lyon') }), 'an invalid Date'],
    ['a regular expression', () => /Lyon/, 'a RegExp'],
    ['an error', () => new Error('Lyon'), 'a Error'],
    ['a promise', () => Promise.resolve('Lyon'), 'a Promise'],
    ['bytes', () => new Uint8Array([1]), 'a Uint8Array'],
    ['a class with private fields', () => new City('Lyon'), 'an instance of a class without toJSON'],
    ['one of these within', () => [{ city: new City('Lyon') }], 'an instance of a class without toJSON'],
    ['an object of closures', () => ({ name: () => 'Lyon' }), 'an object with only methods'],
    ['a function within an array', () => [() => 'Lyon'], 'a function'],
    ['a symbol', () => Symbol('Lyon'), 'a symbol'],
  ])('refuses %s', (_what, make, why) => {
    expect(() => answerKey(make())).toThrow(TypeError);
    expect(() => answerKey(make())).toThrow(why);
  });
});
