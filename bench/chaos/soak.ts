import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastValueFrom, Observable } from 'rxjs';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  ConfigError,
  createEnsemble,
  type Ensemble,
  hedged,
  type Model,
  NoPredictionError,
  type Outcome,
  type OverridesFor,
  type Prediction,
  type Pricing,
  type Query,
  type StreamEvent,
  sequential,
  withConfidence,
} from '../../src/index.ts';
import {
  budget,
  cache,
  circuitBreaker,
  concurrency,
  isTransient,
  rateLimit,
  retry,
  retryBudget,
  type SpendingCap,
  spendingCap,
  timeout,
} from '../../src/policies/policies.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { type FaultServer, json, startFaultServer } from '../../src/testing/testing.ts';
import { checkDollars } from './check-dollars.ts';
import { checkLedger } from './check-ledger.ts';
import { drawFault } from './draw-fault.ts';
import { createSabotage, oddPricing, oddQueries, oddStore } from './hostile.ts';
import { createWiretap, type WireCall, type Wiretap } from './wiretap.ts';

/** Options of {@link soak}. */
export interface SoakOptions {
  readonly seed: number;
  readonly predictions: number;
}

/** What happened, in numbers, and all that should not have. */
export interface SoakReport {
  readonly figures: Readonly<Record<string, number>>;
  readonly violations: string[];
}

/** How many predictions are out at the same time, and how many calls of theirs may be. */
const PREDICTIONS_OUT = 32;
const CALLS_OUT = 24;

/** How long a try may take: long beside the latencies that are drawn, so that a busy machine alone ends few. */
const TRY_TIMEOUT_MS = 400;

/** How long whoever asks waits between two predictions. */
const PAUSE_MS = 5;

/** How long nothing may end before everything is given up: longer than any prediction can take. */
const STUCK_MS = 15_000;

const HOUR_MS = 3_600_000;

/** The time of day, which is set forth and back by an hour now and then. */
const jumpingClock = (): {
  readonly jump: () => void;
  readonly restore: () => void;
  readonly jumps: () => number;
} => {
  const { now } = Date;
  const offsets = [HOUR_MS, 0, -HOUR_MS, 0];
  let jumps = 0;
  let offsetMs = 0;
  Date.now = () => now() + offsetMs;
  return {
    jump: () => {
      offsetMs = offsets[jumps % offsets.length] ?? 0;
      jumps += 1;
    },
    jumps: () => jumps,
    restore: () => {
      Date.now = now;
    },
  };
};

/** What goes wrong where nobody looks. */
const watchProcess = (): { readonly seen: string[]; readonly restore: () => void } => {
  const seen: string[] = [];
  const listeners = Object.entries({
    unhandledRejection: (reason: unknown) => seen.push(`an unhandled rejection: ${reason}`),
    uncaughtExceptionMonitor: (error: unknown) => seen.push(`an uncaught exception: ${error}`),
    warning: (warning: Error) => seen.push(`a warning: ${warning.name}: ${warning.message}`),
  });
  for (const [event, listener] of listeners) process.on(event, listener);
  return {
    seen,
    restore: () => {
      for (const [event, listener] of listeners) process.off(event, listener);
    },
  };
};

const openResources = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /^(Timeout|TCP|PipeWrap|Process)/.test(name));

/** Counts what is still open, once closed sockets and fired timers have had the time to go. */
const leftBehind = async (before: number): Promise<string[]> => {
  for (let nap = 0; nap < 200 && openResources().length > before; nap += 1) await sleep(10);
  const open = openResources();
  return open.length > before ? [`left open: ${open.join(', ')}, and ${before} were before`] : [];
};

const pricing: Pricing = {
  priceOf: (_model, { inputTokens = 0, outputTokens = 0 }) => ({
    usd: (inputTokens + 4 * outputTokens) * 1e-6,
  }),
  countTokens: (text) => Math.ceil(text.length / 4),
};

/** The most that the calls of one prediction may be billed: a few calls. */
const PER_PREDICTION_USD = 600e-6;

/** The limit of output tokens that the budget sends with each request. */
const MOST_TOKENS = 20;

interface PanelParts {
  readonly server: FaultServer;
  readonly wiretap: Wiretap;
  readonly cap: SpendingCap;
}

/** A panel behind every policy, with a cap that all of its calls are counted against. */
const panelAt = ({ server: { baseURL }, wiretap: { tap }, cap }: PanelParts): Ensemble => {
  const again = retry({
    maxAttempts: 3,
    baseDelayMs: 4,
    maxDelayMs: 50,
    budget: retryBudget({ floorPerSecond: 20 }),
  });
  // Failures come in runs, by chance, of which the longer ones open the circuit for a moment.
  const whileUp = circuitBreaker({ minimumCalls: 8, failureRatio: 0.7, windowMs: 60, breakMs: 10 });
  const atMost = concurrency({ maxConcurrent: CALLS_OUT });
  const within = budget({
    caps: [cap],
    perPredictionUsd: PER_PREDICTION_USD,
    maxOutputTokens: MOST_TOKENS,
    pricing,
  });
  const inTime = timeout(TRY_TIMEOUT_MS);
  const models = ['alpha', 'beta', 'gamma'].map((id) => {
    const model = openaiCompatible(id, { id, baseURL: `${baseURL}/v1`, apiKey: 'k' });
    return again(whileUp(rateLimit()(atMost(within(inTime(tap(model)))))));
  });
  return createEnsemble({ models, normalization: 'numeric', minResponses: 1, timeoutMs: 5000, pricing });
};

/** A panel that answers equal questions once, with the policies in their short form. */
const sharingPanelAt = ({ server: { baseURL }, wiretap: { tap }, cap }: PanelParts): Ensemble =>
  createEnsemble({
    models: ['alpha', 'beta', 'gamma'].map((id) =>
      tap(openaiCompatible(id, { id, baseURL: `${baseURL}/v1`, apiKey: 'k', maxOutputTokens: MOST_TOKENS })),
    ),
    normalization: 'numeric',
    minResponses: 1,
    timeoutMs: 1000,
    pricing,
    cache: true,
    retry: { maxAttempts: 3, baseDelayMs: 4, maxDelayMs: 50 },
    concurrency: CALLS_OUT,
    budget: { caps: [cap] },
  });

/** A panel whose functions throw, reject and return what they must not, every third time. */
const hostilePanelAt = ({ server: { baseURL }, wiretap: { tap }, cap }: PanelParts): Ensemble => {
  const sabotage = createSabotage();
  const aside = () => sabotage(() => undefined);
  const prices = oddPricing(pricing, sabotage);
  const policies = [
    budget({ caps: [cap], maxOutputTokens: MOST_TOKENS, pricing: prices }),
    rateLimit({ tokensPerMinute: 60_000_000, countTokens: () => sabotage(() => 10) }),
    concurrency({ maxConcurrent: CALLS_OUT }),
    circuitBreaker({
      minimumCalls: 8,
      breakMs: 10,
      onStateChange: aside,
      shouldHandle: (result) => sabotage(() => result.error !== undefined),
    }),
    retry({
      baseDelayMs: 4,
      maxDelayMs: 50,
      shouldHandle: (result) => sabotage(() => isTransient(result)),
    }),
    cache({ store: oddStore(sabotage), onStoreError: aside }),
    (model: Model) => withConfidence(model, () => sabotage(() => 0.5)),
  ];
  const models = ['alpha', 'beta', 'gamma'].map((id) => {
    const model = tap(openaiCompatible(id, { id, baseURL: `${baseURL}/v1`, apiKey: 'k' }));
    return policies.reduce((inner, policy) => policy(inner), model);
  });
  return createEnsemble({
    models: () => sabotage(() => models),
    normalization: (text) => sabotage(() => text.replace(/\D/g, '')),
    strategy: (votes) => sabotage(() => ({ answer: votes[0]?.answer, consensus: 1, votes: {} })),
    earlyStop: () => sabotage(() => false),
    minResponses: 1,
    timeoutMs: 5000,
    pricing: prices,
  });
};

/** Loads and compiles what the first calls would wait for, and makes connections. */
const warmUp = async (server: FaultServer): Promise<void> => {
  server.script(json(openaiChat.answer({ text: '4' })));
  const model = openaiCompatible('warm', { baseURL: `${server.baseURL}/v1` });
  const ask = () => lastValueFrom(model.call(toRequest('?')));
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: CALLS_OUT }, ask));
};

/** The panel of a prediction, and what it asks. */
type Role = 'usual' | 'sharing' | 'hostile' | 'odd query';

const roleOf = (number: number): Role =>
  number % 31 === 3 ? 'odd query' : number % 5 === 4 ? 'sharing' : number % 9 === 2 ? 'hostile' : 'usual';

/** Questions that are shared have names above those of all predictions. */
const SHARED = 1_000_000;

/** The name of what a prediction asks. Some that run at the same time ask the same. */
const nameOfQuestion = (number: number): number =>
  roleOf(number) === 'sharing' ? SHARED + Math.floor(number / 40) : number;

/** Hedges after a delay that follows the latencies, within a budget, and so is shared by predictions. */
const learned = hedged({ delay: { percentile: 90 } });

/** How the prediction of a number is made: in turn, by each execution, with and without an early stop. */
const overridesFor = (number: number, signal: AbortSignal): OverridesFor<unknown> => ({
  execution:
    (['parallel', sequential(), learned, hedged({ hedgeDelayMs: 10 }), 'cascade'] as const)[number % 5] ??
    'parallel',
  ...(number % 3 === 0 && { earlyStop: 'decided' as const }),
  ...(number % 11 === 0 && { deadlineMs: 200 }),
  signal,
});

/**
 * Predictions over real sockets by a panel of three, whose server does to each request what a seed says, and a clock
 * that is set while they run; then everything is counted again: what the predictions account for, what was sent, and
 * what the server saw must be the same, and nothing may be left.
 */
export const soak = async ({ seed, predictions }: SoakOptions): Promise<SoakReport> => {
  const resourcesBefore = openResources().length;
  const watched = watchProcess();
  const clock = jumpingClock();
  const server = await startFaultServer();
  const nameOf = (body: string): string => /\[(\d+\/\w+\/\d+)\]/.exec(body)?.[1] ?? body.slice(0, 80);
  await warmUp(server);
  const warmedUp = server.requests.length;
  const bills = new Map<string, number>();
  server.answer(({ body }) => {
    const id = nameOf(body);
    const { billed, reply } = drawFault(seed, id);
    // The bill is made when the request is read, whatever becomes of the reply.
    const limit: unknown = JSON.parse(body).max_tokens;
    const usage = billed(typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY);
    bills.set(id, (bills.get(id) ?? 0) + (pricing.priceOf({ id: 'any' }, usage)?.usd ?? 0));
    return reply(body.includes('"stream":true'));
  });
  const wiretap = createWiretap();
  const cap = spendingCap({ maxUsd: 1000 });
  const parts = { server, wiretap, cap };
  const panels = { usual: panelAt(parts), sharing: sharingPanelAt(parts), hostile: hostilePanelAt(parts) };
  const shared = new AbortController();
  const outcomes = new Map<number, readonly Outcome[]>();
  const unsubscribed = new Set<number>();
  const begun = new Set<number>();
  const statuses = { complete: 0, degraded: 0 };
  let refused = 0;
  const violations: string[] = [];
  const startedAtMs = performance.now();

  const one = (number: number): Observable<void> =>
    new Observable<void>((subscriber) => {
      begun.add(number);
      if (number % 101 === 0) clock.jump();
      const role = roleOf(number);
      const query =
        role === 'odd query'
          ? (oddQueries[number % oddQueries.length] as Query)
          : `#${nameOfQuestion(number)}: What is 2 + 2?`;
      const ensemble = role === 'odd query' ? panels.usual : panels[role];
      const own = number % 20 === 7 || number % 15 === 4 ? new AbortController() : undefined;
      const overrides = overridesFor(number, own?.signal ?? shared.signal);
      const ended = (told: readonly Outcome[]): void => {
        if (outcomes.has(number)) violations.push(`${number}: ended twice`);
        outcomes.set(number, told);
        subscriber.next();
        subscriber.complete();
      };
      const work: Observable<StreamEvent | Prediction> =
        number % 7 === 1 ? ensemble.stream(query, overrides) : ensemble.predict$(query, overrides);
      const subscription = work.subscribe({
        next: (value) => {
          const prediction =
            'type' in value ? (value.type === 'complete' ? value.prediction : undefined) : value;
          if (prediction === undefined) return;
          statuses[prediction.metadata.status] += 1;
          ended(prediction.outcomes);
        },
        error: (error: unknown) => {
          if (error instanceof NoPredictionError) ended(error.outcomes);
          else if (error instanceof ConfigError && role !== 'usual' && role !== 'sharing') {
            // A panel that a function does not name is refused like an odd query.
            refused += 1;
            ended([]);
          } else {
            violations.push(`${number}: ended with ${error}`);
            subscriber.complete();
          }
        },
        complete: () => {
          if (outcomes.has(number)) return;
          violations.push(`${number}: ended without a word`);
          subscriber.complete();
        },
      });
      subscriber.add(subscription);
      // Some are given up, by a signal or without a word, at moments that the seed has no part in.
      if (own !== undefined) void sleep(number % 30).then(() => own.abort());
      if (number % 50 !== 13 && number % 70 !== 9) return;
      void sleep(number % 23).then(() => {
        if (!outcomes.has(number)) unsubscribed.add(number);
        subscription.unsubscribe();
        subscriber.complete();
      });
    });

  // One that never ends is given up in the end, and says where it was.
  const stuck = setTimeout(() => {
    const left = [...begun].filter((number) => !outcomes.has(number) && !unsubscribed.has(number));
    shared.abort();
    for (const number of left) {
      const told = outcomes
        .get(number)
        ?.map(({ model, status }) => `${model} ${status}`)
        .join(', ');
      violations.push(`${number}: never ended by itself: ${told}`);
    }
  }, STUCK_MS);
  // By workers and not by `mergeMap`, which starts the next within the end of the last: predictions that end at once,
  // as they do while circuits are open, would pile up on the stack.
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < predictions; number = next++) {
      await lastValueFrom(one(number), { defaultValue: undefined });
      stuck.refresh();
      // So that a circuit which is open for a moment is not met by hundreds of predictions.
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: PREDICTIONS_OUT }, worker));
  clearTimeout(stuck);
  clock.restore();
  const tookMs = performance.now() - startedAtMs;
  // Whoever was given up is told so to the server within a turn or two.
  await sleep(100);
  const listeners = getEventListeners(shared.signal, 'abort').length;
  await server.close();

  const seen = server.requests.slice(warmedUp).map(({ body }) => nameOf(body));
  const { calls } = wiretap;
  // A call that is shared is in the account of one of those that asked, so that its attempts are not compared one by one.
  const isAlone = (number: number): boolean => number < SHARED && roleOf(number) !== 'hostile';
  violations.push(
    ...checkLedger({
      seed,
      outcomes: new Map([...outcomes].filter(([number]) => roleOf(number) === 'usual')),
      unsubscribed,
      calls: calls.filter(({ prediction }) => isAlone(prediction)),
      seen: seen.filter((id) => isAlone(Number(id.split('/')[0]))),
    }),
  );
  const byQuestion = new Map<number, Outcome[]>();
  for (const [number, told] of outcomes) {
    const name = nameOfQuestion(number);
    byQuestion.set(name, [...(byQuestion.get(name) ?? []), ...told]);
  }
  const dollars = checkDollars({
    outcomes: byQuestion,
    unsubscribed: new Set([...unsubscribed].map(nameOfQuestion)),
    calls,
    bills,
    perPredictionUsd: PER_PREDICTION_USD,
    hasUsage: (id) => drawFault(seed, id).hasUsage,
    isShared: (name) => name >= SHARED,
  });
  violations.push(...dollars.faults);
  if (dollars.figures.billedUsd > cap.spentUsd() + 1e-9) {
    violations.push(`billed ${dollars.figures.billedUsd} USD, and the cap has counted ${cap.spentUsd()}`);
  }
  if (cap.reservedUsd() !== 0) violations.push(`${cap.reservedUsd()} USD are still reserved`);
  if (outcomes.size + unsubscribed.size !== predictions) {
    violations.push(
      `${outcomes.size} predictions ended and ${unsubscribed.size} were left, of ${predictions}`,
    );
  }
  const mostOut = Object.keys(panels).length * CALLS_OUT;
  if (wiretap.mostOut() > mostOut) violations.push(`${wiretap.mostOut()} calls were out, of ${mostOut}`);
  if (listeners > 0) violations.push(`${listeners} listeners left on a signal`);
  violations.push(...(await leftBehind(resourcesBefore)), ...watched.seen);
  watched.restore();

  return {
    figures: {
      predictions,
      complete: statuses.complete,
      degraded: statuses.degraded,
      'no prediction': outcomes.size - statuses.complete - statuses.degraded,
      unsubscribed: unsubscribed.size,
      'refused as odd': refused,
      ...Object.fromEntries(
        Object.entries({ ...dollars.figures, countedByCapUsd: cap.spentUsd() }).map(([name, usd]) => [
          `${name}, in millionths`,
          Math.round(usd * 1e6),
        ]),
      ),
      ...countCalls([...outcomes.values()].flat(), wiretap.calls, seed),
      'seen by the server': seen.length,
      'most calls out': wiretap.mostOut(),
      'clock jumps': clock.jumps(),
      seconds: Math.round(tookMs) / 1000,
    },
    violations,
  };
};

/** Outcomes by status, tries beyond the first, and what was sent, by what it met. */
const countCalls = (
  outcomes: readonly Outcome[],
  calls: readonly WireCall[],
  seed: number,
): Readonly<Record<string, number>> => {
  const count = (items: Iterable<string>): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
    return counts;
  };
  return {
    ...count(outcomes.map(({ status }) => `outcome ${status}`)),
    'earlier attempts': outcomes.reduce((sum, { attempts = [] }) => sum + attempts.length, 0),
    ...count(outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error.name] : [])).sort()),
    sent: calls.length,
    ...count(calls.map(({ end }) => `sent and ${end}`)),
    ...count(calls.map(({ id }) => `met ${drawFault(seed, id).kind}`).sort()),
  };
};
