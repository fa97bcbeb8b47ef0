import { array, assert, asyncProperty, constantFrom, oneof, option, record } from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { createEnsemble, defineModel, type Ensemble } from '../../src/index.ts';

const models = ['4', '4.0', 'five'].map((text, index) => defineModel(`m${index}`, () => text));
const isShort = (answer: unknown): true | string => String(answer).length < 3 || 'too long';
const newEnsemble = (): Ensemble<unknown> =>
  createEnsemble({ name: 'panel', models, telemetryMetadata: { own: 1, shared: 1 } }) as Ensemble<unknown>;

/** What a prediction comes to: its answer, votes, warnings and events, or its error. */
const outcomeOf = async (ensemble: Ensemble<unknown>, overrides: object): Promise<unknown> => {
  const events: unknown[] = [];
  const subscription = ensemble.events$.subscribe(({ type, ...event }) =>
    events.push([type, (event as { metadata?: unknown }).metadata]),
  );
  try {
    const all = await lastValueFrom(ensemble.predict$('2 + 2?', overrides).pipe(toArray()));
    return [
      all.map(({ answer, metadata: { votes, warnings, status } }) => ({ answer, votes, warnings, status })),
      events,
    ];
  } catch (error) {
    return String(error);
  } finally {
    subscription.unsubscribe();
  }
};

const optional = <Value>(...values: readonly Value[]) =>
  option(constantFrom(...values), { nil: undefined, freq: 1 });

test('overrides that repeat are the same as those of an ensemble that has not seen them', async () => {
  const valid = record({
    normalization: optional('numeric', 'lowercaseTrim'),
    deadlineMs: optional(1_000, 2_000),
    minResponses: optional(1, 2),
    check: optional(isShort),
    earlyStop: optional<unknown>(false, 'decided'),
    strategy: optional('majority', 'unanimous'),
    settings: option(constantFrom({ temperature: 0.5 }), { nil: undefined, freq: 1 }),
  });
  const overrides = oneof(
    { arbitrary: valid, weight: 9 },
    {
      arbitrary: constantFrom<object>({ deadlineMs: -1 }, { minResponses: '3' }, { nothing: true }),
      weight: 1,
    },
  );
  const metadata = constantFrom<unknown>(undefined, { shared: 2 }, { request: 'a' }, { request: 'b' }, 'a');
  await assert(
    asyncProperty(
      array(overrides, { minLength: 1, maxLength: 2 }),
      array(metadata, { minLength: 6, maxLength: 6 }),
      async (pool, metadataOfEach) => {
        const seen = newEnsemble();
        for (const [index, given] of [...pool, ...pool.toReversed(), ...pool].entries()) {
          const defined = Object.fromEntries(
            Object.entries({ ...given, telemetryMetadata: metadataOfEach[index] }).filter(
              ([, value]) => value !== undefined,
            ),
          );
          expect(await outcomeOf(seen, defined)).toEqual(await outcomeOf(newEnsemble(), defined));
        }
      },
    ),
    { numRuns: 60 },
  );
});
