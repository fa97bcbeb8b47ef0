import fc from 'fast-check';
import {
  asyncScheduler,
  concat,
  defer,
  interval,
  map,
  merge,
  NEVER,
  of,
  type SchedulerAction,
  take,
  throwError,
  timer,
} from 'rxjs';
import { expect, it } from 'vitest';
import type { ConditionOptions } from '../../../src/experiment/condition.ts';
import { inRecordedTime } from '../../../src/experiment/rescoring/in-recorded-time.ts';
import { inVirtualTime } from '../../../src/experiment/rescoring/in-virtual-time.ts';
import { Received } from '../../../src/experiment/rescoring/received.ts';
import {
  type CallRecord,
  type EndedCall,
  type RescoreResult,
  rescoreCondition,
} from '../../../src/experiment/rescoring/rescore-condition.ts';
import {
  bestConfidence,
  cascade,
  confidenceWeighted,
  consensus,
  decided,
  defineModel,
  firstAnswer,
  majority,
  sequential,
  unanimous,
  weighted,
} from '../../../src/index.ts';

/** Latencies of which many are the same. */
const latencyMs = fc.oneof(
  fc.constantFrom(0, 1, 20, 20.5, 100),
  fc.double({ min: 0, max: 300, noNaN: true }),
);

/** A recorded call: answered, cut off, empty, failed, or missing. */
const recorded = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('A', 'B', 'C', '  a ') },
  { weight: 3, arbitrary: fc.constantFrom('cut', 'empty', 'failed', 'missing') },
);

const callOf = (
  model: string,
  kind: string,
  ms: number,
  confidence: number | undefined,
): EndedCall | undefined => {
  const call = { model, latencyMs: ms };
  if (kind === 'missing') return undefined;
  if (kind === 'failed') {
    const error = { name: 'ServerError', message: `${model}: broken`, isRetryable: true, costUsd: 0.5 };
    return { ...call, status: 'failed', error };
  }
  const text = kind === 'empty' ? '' : kind;
  const finishReason = kind === 'cut' ? ('length' as const) : ('stop' as const);
  return { ...call, status: 'answered', response: { text, finishReason, confidence, costUsd: ms / 1000 } };
};

const panel = fc.array(fc.tuple(recorded, latencyMs, fc.option(fc.double({ min: 0, max: 1, noNaN: true }))), {
  // The weights name two models.
  minLength: 2,
  maxLength: 7,
});

const options = fc.record({
  execution: fc.constantFrom<NonNullable<ConditionOptions['execution']>>(
    'parallel',
    'parallel',
    sequential({ minConsensus: 0.6 }),
    cascade({ confidenceThreshold: 0.7 }),
  ),
  strategy: fc.constantFrom(
    undefined,
    majority(),
    unanimous(),
    bestConfidence(),
    confidenceWeighted(),
    weighted({ weights: { 'model 0': 3, 'model 1': 0.5 } }),
  ),
  earlyStop: fc.constantFrom(undefined, decided(), firstAnswer(), consensus(0.5)),
  minResponses: fc.constantFrom(undefined, 1, 2),
  samples: fc.constantFrom(1, 1, 2),
  timeoutMs: fc.constantFrom(undefined, 20, 100),
  deadlineMs: fc.constantFrom(undefined, 20.5, 150),
  acceptUnfinished: fc.boolean(),
});

/** A result without what is no data. */
const shown = (rescored: RescoreResult): unknown => {
  if ('missing' in rescored) return { missing: rescored.missing.map(({ text }) => text) };
  const { result } = rescored;
  const ofError = result instanceof Error ? { name: result.name, message: result.message } : {};
  const outcomes = result.outcomes.map((outcome) =>
    outcome.status === 'failed'
      ? { ...outcome, error: { ...outcome.error, name: outcome.error.name, message: outcome.error.message } }
      : outcome,
  );
  return { ...result, ...ofError, outcomes };
};

it('performs a condition on recorded calls as in the virtual time of RxJS', () => {
  const property = fc.property(panel, options, (members, chosen) => {
    const models = members.map((_, index) => defineModel(`model ${index}`, () => 'never called'));
    const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
    const calls = members.length * chosen.samples;
    const condition = { models, ...given, minResponses: Math.min(chosen.minResponses ?? 1, calls) };
    const find: CallRecord['find'] = ({ model: { id }, request: { sample = 0 } }) => {
      const place = (Number(id.slice('model '.length)) + sample) % members.length;
      const [kind, ms, confidence] = members[place] as (typeof members)[number];
      return callOf(id, kind, ms, confidence ?? undefined);
    };
    const [fast, oracle] = [undefined, inVirtualTime].map((time) =>
      shown(rescoreCondition('c', condition, time)('?', { find, texts: new Map(), awaited: new Set() })),
    );
    expect(fast).toEqual(oracle);
  });
  fc.assert(property, { numRuns: 400 });
});

const log: string[] = [];
const note = (text: string) => (): void => void log.push(`${text} at ${asyncScheduler.now()}`);

it.each([
  ['timers in any order', () => merge(timer(30), timer(10), timer(10), timer(0)).pipe(map(note('received')))],
  ['a timer within a timer', () => concat(timer(5), timer(5.5), of(1)).pipe(map(note('received')))],
  ['a timer that repeats', () => merge(interval(10).pipe(take(3)), timer(25)).pipe(map(note('received')))],
  ['what never ends', () => NEVER],
  [
    'an error',
    () =>
      concat(
        timer(3),
        throwError(() => new RangeError('no')),
      ),
  ],
  ['a moment that never comes', () => merge(timer(Number.POSITIVE_INFINITY), timer(4))],
  [
    'an action that was scheduled again before its moment, and one that was cancelled',
    () =>
      defer(() => {
        const twice = asyncScheduler.schedule(note('twice'), 10) as SchedulerAction<unknown>;
        twice.schedule(undefined, 20);
        asyncScheduler.schedule(note('cancelled'), 40).unsubscribe();
        return timer(30);
      }),
  ],
])('runs %s as in the virtual time of RxJS', (_, source) => {
  const [fast, oracle] = [inRecordedTime, inVirtualTime].map((run) => {
    log.length = 0;
    const received = new Received<unknown>();
    run(source() as never, received);
    return { log: [...log], value: received.value, failure: received.failure, closed: received.closed };
  });
  expect(fast).toEqual(oracle);
});

it.each([inRecordedTime, inVirtualTime])(
  'leaves the clock and the scheduler of RxJS after an error: %o',
  (run) => {
    const before = [asyncScheduler.now, asyncScheduler.schedule];
    const throwing = defer(() => {
      asyncScheduler.schedule(() => {
        throw new RangeError('in an action');
      });
      return NEVER;
    });
    expect(() => run(throwing, new Received())).toThrow('in an action');
    expect([asyncScheduler.now, asyncScheduler.schedule]).toEqual(before);
  },
);
