import fc from 'fast-check';
import { type Abstained, type Answered, type Failed, ModelError, type Outcome } from '../src/index.ts';

/** The ids of a panel: m0, m1, … */
export const panelOf = (size: number): string[] => Array.from({ length: size }, (_, index) => `m${index}`);

const account = (index: number) =>
  ({ model: `m${index}`, index, latencyMs: 1, costUsd: undefined, costSource: 'unknown' }) as const;

/** A vote of the model at a place of the panel. */
export const answered = (index: number, answer: string, confidence?: number): Answered<string> =>
  Object.freeze({
    status: 'answered',
    ...account(index),
    response: { text: answer, confidence },
    answer,
    key: answer,
    confidence,
  });

/** An abstention of the model at a place of the panel. */
export const abstained = (index: number): Abstained => ({
  status: 'abstained',
  ...account(index),
  response: { text: '' },
  reason: 'found no answer',
});

/** A failure of the model at a place of the panel. */
export const failed = (index: number): Failed => ({
  status: 'failed',
  ...account(index),
  error: new ModelError(`m${index}`, 'unreachable'),
});

/** Answers few enough to tie and to lead by one, among them the names that objects are born with. */
export const someAnswer = fc.constantFrom('4', '5', '6', '__proto__', 'constructor');

/** A confidence, often none, and often one that others have as well. */
const someConfidence = fc.option(
  fc.oneof(fc.constantFrom(0, 0.5, 0.9, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  { nil: undefined },
);

/** What the model at a place of the panel may come to. */
export const someOutcome = (index: number): fc.Arbitrary<Outcome<string>> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(someAnswer, someConfidence).map(([a, c]) => answered(index, a, c)) },
    { weight: 1, arbitrary: fc.constant(abstained(index)) },
    { weight: 1, arbitrary: fc.constant(failed(index)) },
  );

/** One outcome for each model of a panel of up to `most`, in the order of the panel. */
const someOutcomes = (most: number): fc.Arbitrary<Outcome<string>[]> =>
  fc
    .integer({ min: 1, max: most })
    .chain((size) => fc.tuple(...panelOf(size).map((_, index) => someOutcome(index))));

/** The same, in any order of arrival. */
export const arrivals = (most: number): fc.Arbitrary<Outcome<string>[]> =>
  someOutcomes(most).chain((outcomes) =>
    fc.shuffledSubarray(outcomes, { minLength: outcomes.length, maxLength: outcomes.length }),
  );
