import fc from 'fast-check';
import { EMPTY, mergeMap, NEVER, type Observable, of, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import {
  cascade,
  createEnsemble,
  type EnsembleEvent,
  type EnsembleOptions,
  hedged,
  type Model,
  ModelError,
  type ModelResponse,
  NoPredictionError,
  type Outcome,
  type Prediction,
  type StreamEvent,
  sequential,
} from '../../src/index.ts';
import { disorderIn, eventsOf } from './events-of.ts';
import { inTurn } from './in-turn.ts';

/** What one attempt is going to do. */
interface Deed {
  readonly afterMs: number;
  readonly does: 'answer' | 'abstain' | 'fail' | 'end' | 'hang';
  readonly text: string;
  readonly costUsd: number | undefined;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  afterMs: fc.integer({ min: 0, max: 8 }),
  does: fc.oneof(
    { weight: 4, arbitrary: fc.constant('answer' as const) },
    { weight: 3, arbitrary: fc.constant('fail' as const) },
    { weight: 2, arbitrary: fc.constantFrom('abstain' as const, 'end' as const, 'hang' as const) },
  ),
  text: fc.constantFrom('4', '5'),
  costUsd: fc.option(fc.constantFrom(0, 0.25, 1), { nil: undefined }),
});

const attempting = (id: string, { afterMs, does, text, costUsd }: Deed): Model => ({
  id,
  call: () =>
    timer(afterMs).pipe(
      mergeMap(() => {
        if (does === 'hang') return NEVER;
        if (does === 'end') return EMPTY;
        if (does === 'fail') return throwError(() => new ModelError(id, 'unreachable', { costUsd }));
        const response: ModelResponse = { text: does === 'answer' ? text : ' ', costUsd };
        return of(response);
      }),
    ),
});

const executions: readonly NonNullable<EnsembleOptions['execution']>[] = [
  'parallel',
  sequential({ minConsensus: 0.6 }),
  hedged({ hedgeDelayMs: 3, maxHedges: 3 }),
  cascade({ confidenceThreshold: 0.9 }),
];

/** One prediction, and when whoever asks for it leaves. */
interface Run {
  readonly calls: readonly (readonly Deed[])[];
  readonly waitMs: number;
  readonly form: 'predict$' | 'stream';
  readonly leavesAfterMs: number | undefined;
  readonly options: Omit<EnsembleOptions, 'models'>;
}

const runs: fc.Arbitrary<Run> = fc.record({
  calls: fc.array(fc.array(deed, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
  waitMs: fc.integer({ min: 0, max: 4 }),
  form: fc.constantFrom('predict$' as const, 'stream' as const),
  leavesAfterMs: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
  options: fc.record({
    execution: fc.constantFrom(...executions),
    earlyStop: fc.constantFrom('decided' as const, 0.6, false as const),
    strategy: fc.constantFrom('majority' as const, 'unanimous' as const),
    deadlineMs: fc.constantFrom(6, 15, Number.POSITIVE_INFINITY),
  }),
});

interface Heard {
  readonly events: readonly EnsembleEvent[];
  /** The account of the prediction, or of why there is none; nothing where whoever asked has left. */
  readonly outcomes: readonly Outcome[] | undefined;
}

const hear = ({ calls, waitMs, form, leavesAfterMs, options }: Run): Heard =>
  new TestScheduler(() => {}).run(({ flush }) => {
    const models = calls.map(([first, ...more], index) => {
      const id = `m${index}`;
      return inTurn(waitMs, attempting(id, first as Deed), ...more.map((each) => attempting(id, each)));
    });
    const ensemble = createEnsemble({ models, timeoutMs: 12, minResponses: 1, ...options });
    const events = eventsOf(ensemble);
    let outcomes: readonly Outcome[] | undefined;
    const asked$: Observable<Prediction | StreamEvent> = ensemble[form]('?');
    const subscription = asked$.subscribe({
      next: (value) => {
        if ('outcomes' in value) ({ outcomes } = value);
        else if (value.type === 'complete') ({ outcomes } = value.prediction);
      },
      error: (error: unknown) => {
        if (error instanceof NoPredictionError) ({ outcomes } = error);
      },
    });
    if (leavesAfterMs !== undefined) timer(leavesAfterMs).subscribe(() => subscription.unsubscribe());
    flush();
    return { events, outcomes };
  });

const known = (costs: readonly { readonly costUsd: number | undefined }[]): number[] =>
  costs.flatMap(({ costUsd }) => (costUsd === undefined ? [] : [costUsd]));

const total = (costs: readonly number[]): number => costs.reduce((sum, cost) => sum + cost, 0);

describe('the events of any prediction', () => {
  it('begin and end once each, in order, and in time', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(runs, (run) => {
        const { events } = hear(run);
        expect(disorderIn(events)).toStrictEqual([]);
        for (const event of events)
          seen.add('attempt' in event && event.attempt > 1 ? `${event.type} again` : event.type);
      }),
      { numRuns: 600 },
    );
    expect([...seen].toSorted()).toStrictEqual([
      'consensus:failed',
      'consensus:reached',
      ...['cancel', 'exception', 'start', 'stop'].flatMap((kind) => [`model:${kind}`, `model:${kind} again`]),
      'predict:cancel',
      'predict:exception',
      'predict:start',
      'predict:stop',
      'vote:complete',
    ]);
  });

  it('cost together what the prediction costs, and are as many as it accounts for', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { events, outcomes } = hear(run);
        const last = events.at(-1);
        if (last === undefined || !('costUsd' in last)) throw new Error('the prediction has not ended');
        const ends = events.filter((event) => 'model' in event && 'costUsd' in event);
        const costs = known(ends.flatMap((event) => ('costUsd' in event ? [event] : [])));
        expect(last.costUsd).toBe(costs.length === 0 ? undefined : total(costs));
        if (outcomes === undefined) return;
        expect(total(known(outcomes))).toBe(total(costs));
        const attempts = outcomes.flatMap((outcome) => outcome.attempts ?? []).length;
        const waiting = attempts + outcomes.length - ends.length;
        expect(waiting).toBeGreaterThanOrEqual(0);
        const stopped = ends.filter(({ type }) => type === 'model:stop').length;
        const heard = outcomes.filter(({ status }) => status === 'answered' || status === 'abstained');
        expect(stopped).toBe(heard.length);
      }),
      { numRuns: 600 },
    );
  });
});
