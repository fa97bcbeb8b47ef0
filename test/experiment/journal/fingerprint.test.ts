import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differingParts, fingerprintOf } from '../../../src/experiment/journal/fingerprint.ts';

async function* streamed(items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

const sha256 = (...pieces: readonly (string | Buffer)[]): Buffer =>
  pieces
    .reduce((digest: ReturnType<typeof createHash>, piece) => digest.update(piece), createHash('sha256'))
    .digest();

describe('fingerprintOf', () => {
  it('is the digest that its doc comment describes, also over several blocks', async () => {
    const long = 'x'.repeat(65_536);
    const first = sha256(`[{"id":"1","question":"${long}"}]\n`);
    const second = sha256(first, `[{"id":"2"}]\n`);
    const dataset = [{ question: long, id: '1' }, { id: '2' }];
    expect(await fingerprintOf({ dataset })).toBe(`dataset=${second.toString('base64url')}`);
    expect(await fingerprintOf({ seed: 7 })).toBe(`seed=${sha256('[7]').toString('base64url')}`);
  });

  it('is the same for an array and a stream, and for every order of keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (items, panel) => {
          const turned = Object.fromEntries(Object.entries(panel).reverse());
          expect(await fingerprintOf({ dataset: streamed(items), panel: turned })).toBe(
            await fingerprintOf({ panel, dataset: items }),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('differs if items are different, reordered, joined or missing', async () => {
    const variants = [['a', 'b'], ['b', 'a'], ['a\nb'], ['a"]\n["b'], ['a'], [], 'a'];
    const fingerprints = await Promise.all(variants.map((dataset) => fingerprintOf({ dataset })));
    expect(new Set(fingerprints).size).toBe(variants.length);
  });

  it('leaves out parts that are not given', async () => {
    expect(await fingerprintOf({ a: 1, b: undefined })).toBe(await fingerprintOf({ a: 1 }));
  });

  it('refuses names of parts that would not be read back', async () => {
    await expect(fingerprintOf({ 'a b': 1, 'c=': 2 })).rejects.toMatchObject({ faults: { length: 2 } });
  });
});

describe('differingParts', () => {
  it('names what differs, is new and is gone', async () => {
    const before = await fingerprintOf({ dataset: ['a'], panel: { models: ['m'] }, seed: 1 });
    const after = await fingerprintOf({ dataset: ['b'], panel: { models: ['m'] }, size: 2 });
    expect(differingParts(before, after)).toStrictEqual(['dataset', 'seed', 'size']);
    expect(differingParts(before, before)).toStrictEqual([]);
    expect(differingParts('v1', 'v2')).toStrictEqual([]);
  });
});
