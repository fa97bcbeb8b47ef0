import fc from 'fast-check';
import { merge, type Observable, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { type CoreEnsemble, createEnsemble as createCoreEnsemble } from '../../src/core/core.ts';
import {
  bestConfidence,
  cascade,
  confidenceWeighted,
  consensus,
  createEnsemble,
  decided,
  type Execution,
  hedged,
  hedgeEach,
  majority,
  NoPredictionError,
  parallel,
  type StopRule,
  sequential,
  unanimous,
  type Voter,
} from '../../src/index.ts';
import { behaviour, modelsOf } from '../engine/behaviours.ts';

const executions: readonly (() => Execution)[] = [
  parallel,
  sequential,
  cascade,
  () => hedged({ hedgeDelayMs: 2064 }),
  () => hedgeEach({ hedgeDelayMs: 3128 })(parallel()),
  () => ({ schedule: (calls) => merge(...calls, 2) }),
];

const course = fc.record({
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 6 }),
  execution: fc.constantFrom(...executions),
  strategy: fc.constantFrom<(() => Voter) | undefined>(
    undefined,
    majority,
    bestConfidence,
    unanimous,
    confidenceWeighted,
  ),
  earlyStop: fc.constantFrom<StopRule | undefined>(
    undefined,
    decided(),
    consensus(0.5, { of: 'panel' }),
    () => {
      throw new Error('a rule that throws does not stop');
    },
  ),
  minResponses: fc.constantFrom(undefined, 1),
  timeoutMs: fc.constantFrom(4000, 60_000, Number.POSITIVE_INFINITY),
  deadlineMs: fc.constantFrom(5512, Number.POSITIVE_INFINITY),
  system: fc.constantFrom(undefined, 'Be brief.'),
  isNumber: fc.boolean(),
  acceptUnfinished: fc.boolean(),
  abortAtMs: fc.constantFrom(undefined, undefined, 0, 3256),
  leaveAtMs: fc.integer({ min: 0, max: 30 }).map((seconds) => 1000 * seconds + 768),
  form: fc.constantFrom<'predict$' | 'stream'>('predict$', 'stream'),
});
type Course = typeof course extends fc.Arbitrary<infer C> ? C : never;

/** An error in its words, with the account of its calls. */
const wordsOf = (error: unknown): unknown =>
  error instanceof NoPredictionError ? [String(error), error.outcomes.map(comparable)] : error;

/** The warnings about options without effect, which the core has not. */
const ofOptions = /no vote has a confidence|which ends no vote|so that there is no/;

/** Makes errors comparable by their words. */
const comparable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, part: unknown) => {
      if (name === 'warnings') return (part as string[]).filter((warning) => !ofOptions.test(warning));
      return part === undefined ? 'undefined' : part instanceof Error ? String(part) : part;
    }),
  );

/** Plays a course in virtual time and returns all that could be seen of it, in its order, with the time of each. */
const play = (
  { behaviours, abortAtMs, leaveAtMs, form, isNumber, execution, strategy, ...rest }: Course,
  create: (options: Parameters<typeof createCoreEnsemble>[0]) => CoreEnsemble,
): unknown[] => {
  const seen: (readonly [number, unknown])[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    const log = (entry: unknown): void => void seen.push([scheduler.now(), entry]);
    const ensemble = create({
      ...rest,
      models: modelsOf(behaviours, log),
      execution: execution(),
      strategy: strategy?.(),
      normalization: isNumber ? (text) => Number(text) || undefined : (text) => text.trim(),
    });
    const controller = new AbortController();
    if (abortAtMs === 0) controller.abort();
    else if (abortAtMs !== undefined) timer(abortAtMs).subscribe(() => controller.abort());
    const overrides = abortAtMs === undefined ? {} : { signal: controller.signal };
    const emitted$: Observable<unknown> = ensemble[form]('2 + 2?', overrides);
    const subscription = emitted$.subscribe({
      next: (value) => log(comparable(value)),
      error: (error: unknown) => log(wordsOf(error)),
      complete: () => log('complete'),
    });
    timer(leaveAtMs).subscribe(() => subscription.unsubscribe());
    flush();
  });
  // A model that answers while it is subscribed is released once it has been, which is sooner in the pipeline.
  const isSynchronous = behaviours.some(({ seconds }) => seconds === 0);
  let place = 0;
  const places = seen.map(([, entry], index) => {
    if (!isTeardown(entry) || !isTeardown(seen[index - 1]?.[1])) place += 1;
    return isSynchronous && isTeardown(entry) ? seen.length : place;
  });
  // What one call does when it is torn down, and which call comes first, is no promise.
  return seen
    .map(([atMs, entry], index) => [atMs, places[index] as number, entry] as const)
    .toSorted(
      ([a, one, first], [b, other, second]) =>
        a - b || one - other || teardownOf(first).localeCompare(teardownOf(second)),
    )
    .map(([atMs, , entry]) => [atMs, entry]);
};

const teardownOf = (entry: unknown): string => (isTeardown(entry) ? entry : '');

const isTeardown = (entry: unknown): entry is string =>
  typeof entry === 'string' && / is (?:released|aborted)/.test(entry);

describe('an ensemble of the core', () => {
  it('predicts and streams what the engine does: each figure, each event, each release, in the same order', () => {
    fc.assert(
      fc.property(course, (made) => {
        const core = play(made, createCoreEnsemble);
        const engine = play(made, createEnsemble as unknown as typeof createCoreEnsemble);
        expect(core).toStrictEqual(engine);
      }),
      { numRuns: 1500 },
    );
  });
});
