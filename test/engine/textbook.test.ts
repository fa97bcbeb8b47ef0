import fc from 'fast-check';
import { concatMap, from, fromEvent, last, map, merge, type Observable, takeUntil, tap, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import {
  bestConfidence,
  type Call,
  cascade,
  confident,
  consensus,
  createEnsemble,
  decided,
  type Execution,
  hedged,
  hedgeEach,
  majority,
  NoPredictionError,
  type Outcome,
  parallel,
  type StopRule,
  sequential,
  type Tally,
  type Voter,
} from '../../src/index.ts';
import { ask, stopWhen, vote } from '../../src/operators/operators.ts';
import { type Behaviour, behaviour, modelsOf } from './behaviours.ts';

/** An execution, and the same out of RxJS's own operators where it is fused or a preset of them. */
interface Textbook {
  readonly execution: Execution;
  readonly schedule?: (calls: readonly Call[]) => Observable<Outcome>;
  readonly earlyStop?: StopRule;
  /** Whether it makes calls whose outcomes it keeps to itself; then the account knows failures that no tally does. */
  readonly hedges?: boolean;
}
const inTurn = (calls: readonly Call[]) => from(calls).pipe(concatMap((call) => call));
const textbooks: readonly (() => Textbook)[] = [
  () => ({ execution: parallel(), schedule: (calls) => merge(...calls) }),
  () => ({ execution: parallel(), schedule: (calls) => merge(...calls) }),
  () => ({ execution: sequential(), schedule: inTurn, earlyStop: consensus(0.7) }),
  () => ({ execution: cascade(), schedule: inTurn, earlyStop: confident(0.9) }),
  () => ({ execution: hedged({ hedgeDelayMs: 2064 }), hedges: true }),
  () => ({ execution: hedgeEach({ hedgeDelayMs: 3128 })(parallel()), hedges: true }),
  () => ({ execution: { schedule: (calls) => merge(...calls, 2) }, schedule: (calls) => merge(...calls, 2) }),
];

interface Course {
  readonly behaviours: readonly Behaviour[];
  readonly textbook: () => Textbook;
  readonly voter: () => Voter;
  readonly earlyStop: StopRule | undefined;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly abortAtMs: number | undefined;
  readonly leaveAtMs: number;
}
const course: fc.Arbitrary<Course> = fc.record({
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 6 }),
  textbook: fc.constantFrom(...textbooks),
  voter: fc.constantFrom(majority, bestConfidence),
  earlyStop: fc.constantFrom<StopRule | undefined>(
    undefined,
    decided(),
    consensus(0.5, { of: 'panel' }),
    () => {
      throw new Error('a rule that throws does not stop');
    },
  ),
  timeoutMs: fc.constantFrom(4000, 60_000),
  deadlineMs: fc.constantFrom(5512, Number.POSITIVE_INFINITY),
  abortAtMs: fc.constantFrom(undefined, undefined, 3256),
  leaveAtMs: fc.integer({ min: 0, max: 30 }).map((seconds) => 1000 * seconds + 768),
});

/** Of an outcome, what does not depend on who keeps the account. */
const brief = (outcome: Outcome) => ({
  model: outcome.model,
  status: outcome.status,
  latencyMs: outcome.latencyMs,
  key: outcome.status === 'answered' ? outcome.key : undefined,
  error: outcome.status === 'failed' ? outcome.error.name : undefined,
});

const inPanelOrder = (outcomes: readonly Outcome[], { hedges = false }: Textbook) =>
  outcomes
    .filter(({ status }) => (hedges ? status === 'answered' : status !== 'cancelled'))
    .map(brief)
    .toSorted((a, b) => (a.model < b.model ? -1 : 1));

const counted = (
  { leader, consensus: share, votes, successes, failures, abstentions }: Omit<Tally, 'outcome'>,
  { hedges = false }: Textbook,
) => ({ leader, consensus: share, votes, successes, ...(!hedges && { failures, abstentions }) });

/** Plays a course in virtual time and returns all that could be seen of it, with the time of each. */
const play = (
  run: (log: (entry: unknown) => void) => { unsubscribe(): void },
  leaveAtMs: number,
): unknown[] => {
  const seen: (readonly [number, unknown])[] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    // Calls outside of an ensemble are aborted for another reason.
    const isReason = (entry: unknown): boolean =>
      typeof entry === 'string' && entry.includes(' is aborted: ');
    const subscription = run((entry) => {
      if (!isReason(entry)) seen.push([scheduler.now(), entry]);
    });
    timer(leaveAtMs).subscribe(() => subscription.unsubscribe());
    flush();
  });
  // `last` emits before it releases its source, the engine after: within one millisecond, releases come last.
  return seen.toSorted(
    ([a, first], [b, second]) => a - b || Number(isRelease(first)) - Number(isRelease(second)),
  );
};

const isRelease = (entry: unknown): boolean => typeof entry === 'string' && entry.endsWith('is released');

const aborted = (abortAtMs: number | undefined): AbortController => {
  const controller = new AbortController();
  if (abortAtMs !== undefined) timer(abortAtMs).subscribe(() => controller.abort());
  return controller;
};

const minResponsesOf = ({ execution }: Textbook, panelSize: number): number =>
  Math.min(execution.minResponses?.(panelSize) ?? Math.ceil(panelSize / 2), panelSize);

/** The prediction as its definition: public parts and RxJS. */
const byTheBook = (made: Course, asEvents: boolean): unknown[] =>
  play((log) => {
    const { behaviours, timeoutMs, deadlineMs, abortAtMs } = made;
    const models = modelsOf(behaviours, log);
    const textbook = made.textbook();
    const { execution, schedule = execution.schedule, earlyStop: own = execution.earlyStop } = textbook;
    const least = minResponsesOf(textbook, models.length);
    const guarded =
      (rule: StopRule | undefined): StopRule =>
      (tally) => {
        try {
          return tally.successes >= least && rule?.(tally) === true;
        } catch {
          return false;
        }
      };
    const rules = [guarded(own), guarded(made.earlyStop)];
    const outcomes: Outcome[] = [];
    const deadline$ = timer(Math.min(deadlineMs, 1e9));
    const abort$ = fromEvent(aborted(abortAtMs).signal, 'abort').pipe(
      map(() => {
        throw Object.assign(new Error('aborted'), { name: 'CancelledError' });
      }),
    );
    const calls = models.map((model, index) => ask(model, '?', { index, timeoutMs }));
    return schedule(calls as readonly Call[])
      .pipe(
        takeUntil(abort$),
        takeUntil(deadline$),
        tap((outcome) => outcomes.push(outcome)),
        vote(
          made.voter(),
          models.map(({ id }) => id),
        ),
        tap((tally) => {
          if (asEvents) for (const event of eventsOf(tally)) log(event);
        }),
        stopWhen((tally) => rules.some((rule) => rule(tally))),
        last(undefined, undefined),
      )
      .subscribe({
        next: (tally) => log(verdictOf(tally, least, outcomes, textbook)),
        error: (error: Error) => log(error.name),
      });
  }, made.leaveAtMs);

const eventsOf = ({ outcome, consensus: share, votes, leader }: Tally): unknown[] => {
  if (outcome?.status === 'failed') return [{ type: 'failure', model: outcome.model }];
  if (outcome?.status === 'abstained') return [{ type: 'response', model: outcome.model }];
  if (outcome?.status !== 'answered') return [];
  return [
    { type: 'response', model: outcome.model },
    { type: 'consensus', consensus: share, votes, leader },
  ];
};

const verdictOf = (
  tally: Tally | undefined,
  least: number,
  outcomes: readonly Outcome[],
  textbook: Textbook,
) => {
  if (tally === undefined) return 'InsufficientResponsesError';
  const { successes, failures, abstentions } = tally;
  if (successes === 0 && failures > 0 && abstentions === 0) return 'AllModelsFailedError';
  if (successes < least || successes === 0) return 'InsufficientResponsesError';
  return { ...counted(tally, textbook), outcomes: inPanelOrder(outcomes, textbook) };
};

/** The prediction as an ensemble makes it. */
const byTheEngine = (made: Course, form: 'predict$' | 'stream'): unknown[] =>
  play((log) => {
    const { timeoutMs, deadlineMs, abortAtMs } = made;
    const models = modelsOf(made.behaviours, log);
    const textbook = made.textbook();
    const { execution } = textbook;
    const ensemble = createEnsemble({
      models,
      execution,
      strategy: made.voter(),
      timeoutMs,
      ...(made.earlyStop !== undefined && { earlyStop: made.earlyStop }),
      deadlineMs,
    });
    const overrides = abortAtMs === undefined ? {} : { signal: aborted(abortAtMs).signal };
    const end = {
      error: (error: Error) => log(error instanceof NoPredictionError ? error.name : error),
    };
    const verdict = ({ answer, metadata, outcomes }: Awaited<ReturnType<typeof ensemble.predict>>) =>
      log({
        ...counted({ ...metadata, leader: answer } as never, textbook),
        outcomes: inPanelOrder(outcomes, textbook),
      });
    if (form === 'predict$') return ensemble.predict$('?', overrides).subscribe({ ...end, next: verdict });
    return ensemble.stream('?', overrides).subscribe({
      ...end,
      next: (event) => {
        if (event.type === 'complete') verdict(event.prediction);
        else if (event.type === 'consensus') {
          const { sequence: _, ...counted } = event;
          log(counted);
        } else if (event.type === 'response' || event.type === 'failure')
          log({ type: event.type, model: event.model });
      },
    });
  }, made.leaveAtMs);

describe('the engine', () => {
  it('does what the textbook pipeline does, call by call and millisecond by millisecond', () => {
    fc.assert(
      fc.property(course, (made) => {
        expect(byTheEngine(made, 'predict$')).toStrictEqual(byTheBook(made, false));
      }),
      { numRuns: 1500 },
    );
  });

  it('streams what the textbook pipeline counts, outcome by outcome', () => {
    fc.assert(
      fc.property(course, (made) => {
        expect(byTheEngine(made, 'stream')).toStrictEqual(byTheBook(made, true));
      }),
      { numRuns: 1500 },
    );
  });
});
