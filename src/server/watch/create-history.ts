import { asyncScheduler } from 'rxjs';
import { leaderIn } from '../../chat/ensemble-field.ts';
import { isWhole, sumOf } from '../../domain/cost.ts';
import { isA } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import { isOfMember, type Outcome } from '../../domain/outcome.ts';
import type { Conversation } from '../../domain/request.ts';
import { type StatsFold, statsFold } from '../../metrics/stats-fold.ts';
import { periodIn } from '../period.ts';
import type { ServedEvent } from '../served-event.ts';
import { outcomesOf } from './outcomes-of.ts';
import type { DailySpending, MemberSummary, RecentPrediction, Watched } from './recent-prediction.ts';

/** Bounds of the lists, so that memory does not grow with names. */
const MAX_MEMBERS = 200;
const MAX_SPENDINGS = 500;
const LAST_LATENCIES = 40;
const MAX_TEXT = 500;

/** Options of {@link createHistory}. */
export interface HistoryOptions {
  /** How many predictions are kept. */
  readonly history: number;
  /** Whether questions and answers are kept. */
  readonly content: boolean;
}

/** What a server has done, in bounded memory. */
export interface History {
  add(event: ServedEvent): void;
  state(): Omit<Watched, 'alerts' | 'undelivered'>;
}

interface Member {
  readonly ensemble: string;
  readonly model: string;
  agreed: number;
  votes: number;
  readonly lastMs: number[];
}

/** Collects the recent predictions, the statistics of members and the spending of keys, from the events of a handler. */
export const createHistory = ({ history, content }: HistoryOptions): History => {
  const dayOf = periodIn('day', 'UTC');
  const statistics = new Map<string, StatsFold>();
  const members = new Map<string, Member>();
  const spending = new Map<string, DailySpending>();
  let recent: readonly RecentPrediction[] = [];
  let inFlight = 0;
  let ended = 0;

  const addOutcome = (ensemble: string, outcome: Outcome, leader: string | undefined): void => {
    const key = JSON.stringify([ensemble, outcome.model]);
    const member = members.get(key) ?? newMember(ensemble, outcome.model);
    if (!members.has(key) && members.size >= MAX_MEMBERS) return;
    members.set(key, member);
    if (outcome.status === 'cancelled') return;
    member.lastMs.push(Math.round(outcome.latencyMs));
    if (member.lastMs.length > LAST_LATENCIES) member.lastMs.shift();
    if (outcome.status !== 'answered') return;
    member.votes += 1;
    if ((outcome.group ?? outcome.key) === leader) member.agreed += 1;
  };

  const addSpending = (caller: string | undefined, outcomes: readonly Outcome[]): void => {
    const day = dayOf(new Date(asyncScheduler.now()));
    const key = JSON.stringify([caller, day]);
    const cost = sumOf(outcomes);
    const before = spending.get(key) ?? { caller, day, predictions: 0, usd: 0, unknownCosts: 0 };
    spending.set(key, {
      ...before,
      predictions: before.predictions + 1,
      usd: before.usd + (cost.costUsd ?? 0),
      unknownCosts: before.unknownCosts + (outcomes.length > 0 && !isWhole(cost) ? 1 : 0),
    });
    const [oldest] = spending.keys();
    if (spending.size > MAX_SPENDINGS && oldest !== undefined) spending.delete(oldest);
  };

  const addEnd = (end: ServedEvent & { readonly type: 'end' }): void => {
    const { served, prediction, error } = end;
    const outcomes = outcomesOf(end);
    ended += 1;
    recent = [recentOf(end, outcomes, content), ...recent].slice(0, history);
    const fold = statistics.get(served.ensemble) ?? statsFold({ relativeAccuracy: 0.02 });
    statistics.set(served.ensemble, fold);
    if (prediction !== undefined) fold.add(prediction);
    else if (isA(error, NoPredictionError)) fold.add(error);
    const leader = prediction && leaderIn(prediction.metadata.votes);
    for (const outcome of outcomes.filter(isOfMember)) addOutcome(served.ensemble, outcome, leader);
    addSpending(served.caller, outcomes);
  };

  const membersOf = ([ensemble, fold]: readonly [string, StatsFold]): readonly MemberSummary[] =>
    fold.stats().models.map(({ model, role, calls, failures, latencyMs: { p50, p95 } }) => {
      const member = role === undefined ? members.get(JSON.stringify([ensemble, model])) : undefined;
      const { agreed, votes, lastMs } = member ?? newMember(ensemble, model);
      return {
        ensemble,
        model,
        ...given({ role }),
        calls,
        failures,
        agreed,
        votes,
        latencyMs: { p50, p95 },
        lastMs: [...lastMs],
      };
    });

  return {
    add(event) {
      if (event.type === 'begin') inFlight += 1;
      if (event.type !== 'end') return;
      inFlight -= 1;
      addEnd(event);
    },
    state: () => ({
      inFlight,
      ended,
      recent,
      members: [...statistics].flatMap(membersOf).slice(0, MAX_MEMBERS),
      spending: [...spending.values()].reverse().slice(0, 100),
    }),
  };
};

const newMember = (ensemble: string, model: string): Member => ({
  ensemble,
  model,
  agreed: 0,
  votes: 0,
  lastMs: [],
});

const recentOf = (
  { served, latencyMs, prediction, failure }: ServedEvent & { readonly type: 'end' },
  outcomes: readonly Outcome[],
  content: boolean,
): RecentPrediction => {
  const { id, ensemble, caller, route, query } = served;
  const { costUsd, costSource } = prediction?.metadata ?? sumOf(outcomes);
  return {
    id,
    ensemble,
    ...given({ caller }),
    route,
    startedAt: new Date(asyncScheduler.now() - latencyMs).toISOString(),
    latencyMs,
    costUsd,
    costSource,
    calls: countsOf(outcomes.filter(isOfMember)),
    ...given({
      consensus: prediction?.metadata.consensus,
      failure: failure?.code,
      question: content ? shortened(questionIn(query)) : undefined,
      answer: content && prediction !== undefined ? shortened(prediction.text) : undefined,
    }),
  };
};

const countsOf = (outcomes: readonly Outcome[]): RecentPrediction['calls'] => {
  const counts: Partial<Record<Outcome['status'], number>> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const shortened = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** The text of the last message of the user. The query of a client is not checked where a prediction failed. */
const questionIn = ({ messages }: Conversation): string => {
  const content: unknown = Array.isArray(messages) ? messages.at(-1)?.content : undefined;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((part: unknown) => {
      const text = typeof part === 'object' && part !== null ? Reflect.get(part, 'text') : undefined;
      return typeof text === 'string' ? [text] : [];
    })
    .join('\n');
};
