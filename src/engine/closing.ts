import {
  asyncScheduler,
  catchError,
  concatMap,
  defaultIfEmpty,
  defer,
  finalize,
  identity,
  type MonoTypeOperatorFunction,
  map,
  Observable,
  observeOn,
  of,
  type Subscriber,
  subscribeOn,
  take,
  tap,
} from 'rxjs';
import type { Decider, DecisionContext, FinalTally, ReadVerdict, Verdict } from '../domain/decider.ts';
import { returned, textOf } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import type { Group } from '../domain/grouping.ts';
import { internal } from '../domain/internal.ts';
import { isObject } from '../domain/is-object.ts';
import { type Abstention, abstain, abstentionReason } from '../domain/normalizer.ts';
import { observed } from '../domain/observed.ts';
import { inFavourOf, inPanelOrder, type Vote } from '../domain/outcome.ts';
import type { Decision } from '../domain/prediction.ts';
import type { RoleCall } from '../domain/role-call.ts';
import { emitCount } from '../domain/stream-event.ts';
import type { Tally } from '../domain/tally.ts';
import type { RefiningWith } from '../domain/voter.ts';
import { Election } from '../strategies/voting/election.ts';
import { errorWhenAborted } from './abort-with.ts';
import { CheckTools } from './check-tools.ts';
import type { Reading } from './judge.ts';
import { roleCallOf } from './role-call.ts';
import type { Run } from './run.ts';
import { faultOfStep, step } from './step.ts';

/** The last tally of a run, and the verdict of its decider. */
export interface Closed<Answer> {
  readonly tally: Tally<Answer>;
  readonly decision?: Decision | undefined;
  /** The verdict that replaces the leader of the tally. */
  readonly verdict?: ReadVerdict<Answer> | undefined;
  /** What the grouping reports of its refinement. */
  readonly refinement?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The steps between the votes and the prediction: the groups are refined, then the decider decides. Emits one value. A step
 * that fails leaves the votes as they are, and says so. Errors only if the caller's signal aborts. `undefined` if a run
 * has neither step, as nearly all.
 */
export const closing = <Answer>(
  run: Run<Answer>,
  election: Election<Answer>,
  tally: Tally<Answer>,
): Observable<Closed<Answer>> | undefined => {
  const { voter, minResponses } = run.panel;
  const { decider } = run.settings;
  const refines = voter[internal]?.refine !== undefined;
  if (!refines && decider === undefined) return undefined;
  if (tally.successes < Math.max(minResponses, 1)) return undefined;
  return new Observable(stepsOf(run, election, tally, refines));
};

const stepsOf =
  <Answer>(run: Run<Answer>, election: Election<Answer>, tally: Tally<Answer>, refines: boolean) =>
  (subscriber: Subscriber<Closed<Answer>>): void => {
    const { decider } = run.settings;
    run.closing = subscriber;
    if (run.signal !== undefined) errorWhenAborted(subscriber, run.signal);
    if (subscriber.closed) return;
    const refined$: Observable<Closed<Answer>> = refines ? refined(run, election, tally) : of({ tally });
    const closed$ = refined$.pipe(
      concatMap((last) =>
        decider === undefined
          ? of(last)
          : decided(run, election, last.tally, decider).pipe(map((closed) => ({ ...last, ...closed }))),
      ),
    );
    closed$.subscribe(subscriber);
  };

/** Counting more votes than these takes milliseconds. */
const MANY = 100;

/** Lets other code run before and after a refinement of many votes, because they are counted before and after it. */
const apart: MonoTypeOperatorFunction<void> = (source) =>
  source.pipe(subscribeOn(asyncScheduler), observeOn(asyncScheduler));

/** Refines the groups. Emits the tally of them, and the one before if that failed. */
const refined = <Answer>(
  run: Run<Answer>,
  election: Election<Answer>,
  tally: Tally<Answer>,
): Observable<Closed<Answer>> =>
  defer(() => {
    let isOver = false;
    let refinement: Closed<Answer>['refinement'];
    const notes: Pick<RefiningWith, 'warn' | 'report'> = {
      warn: (warning) => {
        if (!isOver) run.warnings.push(textOf(warning));
      },
      report: (details) => {
        refinement = returned(details, (value) =>
          areDetails(value) ? undefined : 'details that can be written as JSON',
        );
      },
    };
    const placed = election.successes > MANY ? apart : identity<Observable<void>>;
    return step(run, (call) => election.refine({ call, ...notes }).pipe(placed)).pipe(
      map(() => election.tally()),
      tap((refined) => run.live && emitCount(refined, run.live)),
      defaultIfEmpty(tally),
      catchError((error: unknown) => {
        run.warnings.push(`the groups are not refined, because the grouping ${faultOfStep(error)}`);
        return of(tally);
      }),
      map((last) => ({ tally: last, refinement })),
      finalize(() => {
        isOver = true;
      }),
    );
  });

/** Asks the decider. Emits the tally with its verdict, or with the reason why the votes decide. */
const decided = <Answer>(
  run: Run<Answer>,
  election: Election<Answer>,
  tally: Tally<Answer>,
  decider: Decider,
): Observable<Closed<Answer>> => {
  const by = decider.name;
  const final = toFinal(tally, election);
  return step(run, (call) =>
    observed(() =>
      decider.decide(toFinal(tally, election), contextOf(run, final, call) as DecisionContext),
    ).pipe(
      take(1),
      concatMap((result) => closedBy(run, by, final, result)),
    ),
  ).pipe(
    defaultIfEmpty<Decided<Answer>, Decided<Answer>>({ decision: { by, status: 'kept' } }),
    catchError((error: unknown) =>
      of<Decided<Answer>>({ decision: { by, status: 'failed', reason: `it ${faultOfStep(error)}` } }),
    ),
    map((found) => ({ tally, ...found })),
  );
};

/** What a decider adds to a tally. */
type Decided<Answer> = Pick<Closed<Answer>, 'decision' | 'verdict'>;

const closedBy = <Answer>(
  run: Run<Answer>,
  by: string,
  tally: FinalTally<Answer>,
  result: unknown,
): Observable<Decided<Answer>> => {
  const abstained = (reason: string): Observable<Decided<Answer>> =>
    of({ decision: { by, status: 'abstained', reason } });
  if (result === undefined) return of({ decision: { by, status: 'kept' } });
  const abstention = abstentionReason(result);
  if (abstention !== undefined) return abstained(abstention);
  const verdict = returned(result, verdictOn(tally)) as Verdict<Answer>;
  const { reason, details } = verdict;
  const closed = (status: 'chosen' | 'written', whole: ReadVerdict<Answer>): Observable<Decided<Answer>> =>
    of({ verdict: whole, decision: { by, status, ...given({ reason, details }) } });
  if ('key' in verdict) return closed('chosen', verdict);
  const { answer, text } = verdict;
  if (answer !== undefined) return closed('written', { ...verdict, answer });
  return readIn(run, text).pipe(
    concatMap((read) => {
      const fault = abstentionReason(read);
      return fault === undefined
        ? closed('written', { ...verdict, answer: read as Answer })
        : abstained(`what it wrote does not count: ${fault}`);
    }),
  );
};

/** Reads a text as the answers of the members are read. */
const readIn = <Answer>(run: Run<Answer>, text: string): Observable<Answer | Abstention> =>
  observed(() => {
    const tools = new CheckTools(
      (until$) => roleCallOf(run as Run<unknown>, () => undefined, until$),
      () => run.abortReason,
    );
    return observed(() => run.reader.judge({ text }, run.request, tools)).pipe(finalize(() => tools.end()));
  }).pipe(
    map((read) => {
      const reading = read as Reading<Answer> | undefined;
      return reading !== undefined && 'answer' in reading
        ? reading.answer
        : abstain(reading?.reason ?? 'it cannot be read');
    }),
  );

/** A prediction is written as JSON, with its details. */
const areDetails = (value: unknown): boolean => {
  try {
    return isObject(value) && !Array.isArray(value) && JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
};

/** Expects a verdict on these answers. */
const verdictOn =
  ({ groups }: FinalTally) =>
  (value: unknown): string | undefined => {
    if (!isObject(value) || !['key', 'answer', 'text'].some((name) => name in value))
      return 'a verdict: { key }, { text } or { answer, text }';
    const { key, answer, text, reason, details } = value as Record<string, unknown>;
    if (reason !== undefined && typeof reason !== 'string') return 'a verdict whose "reason" is a string';
    if (details !== undefined && !areDetails(details))
      return 'a verdict whose "details" are an object that can be written as JSON';
    if ('key' in value)
      return groups.some(([speaker]) => speaker?.key === key)
        ? undefined
        : 'the key of an answer that was given';
    return answer === null || typeof text !== 'string'
      ? 'a verdict with an "answer" and its "text"'
      : undefined;
  };

const contextOf = <Answer>(
  run: Run<Answer>,
  { groups }: FinalTally<Answer>,
  call: RoleCall,
): DecisionContext<Answer> => {
  const { request, panel } = run;
  const speakers = new Map(
    groups.flatMap((group) => group.map(({ key }) => [key, group[0] as Vote<Answer>])),
  );
  return {
    query: request,
    question: request.prompt,
    models: panel.models,
    call,
    read: (text) => readIn(run, text),
    count(votes) {
      const election = new Election<Answer>(panel.voter, undefined, request);
      // The groups may have been refined, which an election does not repeat.
      for (const vote of votes) election.add(inFavourOf(speakers.get(vote.key) ?? vote, vote));
      return toFinal(election.tally(), election);
    },
  };
};

/** A tally with the answers that were voted for, in arrays that foreign code may sort. */
const toFinal = <Answer>(tally: Tally<Answer>, election: Election<Answer>): FinalTally<Answer> => ({
  ...tally,
  votes: tally.votes,
  groups: tally.groups?.map((group) => [...group]) ?? byKey(election.votes),
});

const byKey = <Answer>(votes: readonly Vote<Answer>[]): readonly Group<Answer>[] => {
  // Sorting is stable, so that equally many votes stay in panel order.
  return [...Map.groupBy(inPanelOrder(votes), ({ key }) => key).values()].sort((a, b) => b.length - a.length);
};
