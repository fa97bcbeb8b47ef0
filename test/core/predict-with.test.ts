import { lastValueFrom, map, of, toArray } from 'rxjs';
import { expect, expectTypeOf, test } from 'vitest';
import { createEnsemble as createCoreEnsemble } from '../../src/core/core.ts';
import { createEnsemble, defineModel, type Prediction } from '../../src/index.ts';
import { predictWith } from '../../src/operators/operators.ts';
import { createEnsemble as createValueEnsemble } from '../../src/values/values.ts';

const models = ['4', '4', '5'].map((text, index) => defineModel(`m${index}`, () => text));
const normalization = (text: string): number | undefined => Number(text);

test.each([
  ['the core', createCoreEnsemble],
  ['values', createValueEnsemble],
  ['names', createEnsemble],
] as const)('predictWith takes an ensemble of %s', async (_, create) => {
  const ensemble = (create as typeof createCoreEnsemble)({ models, normalization });
  const answers$ = of('2 + 2?', '1 + 3?').pipe(predictWith(ensemble, { concurrency: 2 }), toArray());
  expect(await lastValueFrom(answers$)).toMatchObject([{ answer: 4 }, { answer: 4 }]);
});

test('predictWith knows the answers of each ensemble by their types', () => {
  const core = of('?').pipe(predictWith(createCoreEnsemble({ models, normalization })));
  const values = of('?').pipe(predictWith(createValueEnsemble({ models, normalization })));
  const names = of('?').pipe(predictWith(createEnsemble({ models, normalization })));
  const replaced = of('?').pipe(
    predictWith(createCoreEnsemble({ models, normalization }), { onError: () => null }),
    map((result) => result),
  );
  expectTypeOf(core).toEqualTypeOf(names);
  expectTypeOf(values).toEqualTypeOf(names);
  expectTypeOf(lastValueFrom(replaced)).resolves.toEqualTypeOf<Prediction<number> | null>();
  // @ts-expect-error The core reads texts alone.
  of({ messages: [] }).pipe(predictWith(createCoreEnsemble({ models, normalization })));
});
