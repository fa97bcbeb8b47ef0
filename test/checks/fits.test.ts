import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { codeIn, fits } from '../../src/checks/checks.ts';
import { createEnsemble, defineModel, miss, type StandardSchema } from '../../src/index.ts';
import { faultsOf } from '../faults-of.ts';

const reasonOf = async (schema: StandardSchema, text: string) => {
  const { outcomes } = await createEnsemble({
    models: [defineModel('m0', () => text), defineModel('m1', () => '0')],
    normalization: 'json',
    check: async (answer, context) => answer === 0 || (await fits(schema)(answer, context)),
    minResponses: 1,
  }).predict('?');
  const [outcome] = outcomes;
  return outcome?.status === 'abstained' ? outcome.reason : outcome?.status;
};

describe('fits', () => {
  const schema = z.object({ city: z.string(), size: z.number().positive() });
  test.each([
    ['{"city": "Paris", "size": 2}', 'answered'],
    ['{"city": "Paris", "size": -2}', /^the answer does not fit the schema: size: /],
    ['[]', /^the answer does not fit the schema: /],
  ])('says of %s: %s', async (text, said) => {
    expect(await reasonOf(schema, text)).toEqual(
      typeof said === 'string' ? said : expect.stringMatching(said),
    );
  });

  it('waits for a schema that is asynchronous', async () => {
    const known = z.string().refine(async (name) => name === 'Paris', 'no such city');
    expect(await reasonOf(known, '"Paris"')).toBe('answered');
    expect(await reasonOf(known, '"Atlantis"')).toBe('the answer does not fit the schema: no such city');
  });

  it('refuses what is no schema', () => {
    expect(faultsOf(() => fits({ type: 'object' } as never))).toStrictEqual([
      expect.stringMatching(
        /^fits: expected a schema that implements Standard Schema v1, .*; a JSON Schema is a normalization/,
      ),
    ]);
  });
});

describe('a miss', () => {
  const nearest = async (...shares: readonly unknown[]) => {
    const error = await createEnsemble({
      models: shares.map((_, index) => defineModel(`m${index}`, () => `text ${index}`)),
      check: (_answer, { response }) => miss('it is near', shares[Number(response.text.slice(5))] as number),
    })
      .predict('?')
      .catch((fault: unknown) => fault);
    return (error as { nearestMiss?: { model: string } }).nearestMiss;
  };

  it('is nearest if most of it passed; of equal ones, the first in the panel', async () => {
    expect(await nearest(0.2, 0.5, 0.5, 0)).toStrictEqual({
      model: 'm1',
      text: 'text 1',
      reason: 'it is near',
      passed: 0.5,
    });
  });

  test.each([[Number.NaN], ['1'], [2], [-1], [undefined]])('with a share of %s is none', async (share) => {
    expect(await nearest(share)).toBeUndefined();
  });
});

test.each([
  ['x = 1', 'x = 1'],
  ['See:\n```js\nconst a = 1;\n```\nBye', 'const a = 1;\n'],
  ['```\na\n```\n```js\nlonger\n```', 'longer\n'],
  ['````md\n```js\nx\n```\n````', '```js\nx\n```\n'],
  ['~~~\r\na\r\n~~~', 'a\n'],
  ['```js\nopen', 'open'],
  ['`a` and ```b``` inline', '`a` and ```b``` inline'],
  ['```js\n```', ''],
  ['', ''],
])('the code in %j is %j', (text, code) => {
  expect(codeIn(text)).toBe(code);
});
