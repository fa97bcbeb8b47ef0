import { from, map, merge, timer } from 'rxjs';
import { withForm } from '../../src/domain/answer-form.ts';
import {
  bestConfidence,
  cascade,
  confidenceWeighted,
  createEnsemble,
  decided,
  defineModel,
  fieldwise,
  hedged,
  hedgeEach,
  logOdds,
  type Model,
  majority,
  naiveBayes,
  parallel,
  replay,
  sequential,
  simulated,
  staggered,
  toolVote,
  unanimous,
  type VoteFunction,
  type Voter,
  weighted,
} from '../../src/index.ts';
import {
  budget,
  cache,
  circuitBreaker,
  concurrency,
  fallback,
  rateLimit,
  retry,
  timeout,
} from '../../src/policies/policies.ts';
import { fromVoteFunction } from '../../src/strategies/voting/from-vote-function.ts';
import { panelOf } from '../outcomes.ts';
import { executionContract } from './execution.ts';
import { modelContract } from './model.ts';
import { voterContract } from './voter.ts';

type Count = [key: string, count: number];

/** A user's own rule: most votes, then the first in the panel. It does not know what to make of no votes. */
const plurality: VoteFunction<string> = (votes) => {
  const counts = new Map<string, number>();
  for (const { key } of votes) counts.set(key, (counts.get(key) ?? 0) + 1);
  const [answer, count] = [...counts].reduce((a: Count, b: Count) => (b[1] > a[1] ? b : a));
  return { answer, consensus: count / votes.length, votes: Object.fromEntries(counts) };
};

/** A user's own fold: the longest answer. It changes its state in place, and cannot do without a vote. */
const longest: Voter<Map<string, number>> = {
  name: 'longest',
  init: () => new Map(),
  add: (counts, { key }) => counts.set(key, (counts.get(key) ?? 0) + 1),
  tally: (counts) => {
    const isAfter = (a: Count, b: Count) => b[0].length - a[0].length || (a[0] < b[0] ? -1 : 1);
    const [answer, count] = [...counts].reduce((a: Count, b: Count) => (isAfter(a, b) > 0 ? b : a));
    const total = [...counts.values()].reduce((sum, votes) => sum + votes, 0);
    return { answer, consensus: count / total, votes: Object.fromEntries(counts) };
  },
};

voterContract('majority', { makeVoter: majority, isDecidedEarly: true });
voterContract('weighted', { makeVoter: weighted, isDecidedEarly: true });
/** Answers of which two are the same vote in other words. */
const worded = (text: string) =>
  withForm({ text }, { key: text === '5' ? '4' : text, wording: text, parts: [text] });
for (const [name, makeVoter] of Object.entries({ majority, weighted, unanimous }))
  voterContract(`${name} of answers that are worded`, { makeVoter, isDecidedEarly: true, toAnswer: worded });
/** Answers as sets of calls, of which some are a part of others, and some are worded in two ways. */
const parts: Readonly<Record<string, readonly string[]>> = {
  4: ['a'],
  5: ['a', 'b'],
  6: ['a', 'a', 'b'],
  constructor: [],
};
const called = (text: string) => {
  const calls =
    (Object.hasOwn(parts, text) ? parts[text] : undefined) ?? (text === '__proto__' ? ['a', 'c'] : [text]);
  return withForm({ text }, { key: calls.join(';'), wording: text, parts: calls });
};
for (const options of [
  {},
  { noCallQuorum: 1 },
  { noCallQuorum: 2 },
  { takeLarger: true },
  { noCallQuorum: 2, takeLarger: true },
])
  voterContract(`toolVote with ${JSON.stringify(options)}`, {
    makeVoter: () => ({ ...toolVote(options), faults: () => [] }),
    isDecidedEarly: true,
    toAnswer: called,
  });
voterContract('toolVote of texts', { makeVoter: () => toolVote({ noCallQuorum: 2 }), isDecidedEarly: true });
voterContract('bestConfidence of answers that are worded', {
  makeVoter: bestConfidence,
  isDecidedEarly: false,
  toAnswer: worded,
});
voterContract('weighted with fixed weights', {
  makeVoter: () => weighted({ weights: { m0: 3, m1: 0.1, m2: 0 } }),
  isDecidedEarly: true,
});
voterContract('bestConfidence', { makeVoter: bestConfidence, isDecidedEarly: false });
voterContract('confidenceWeighted', {
  makeVoter: () => confidenceWeighted({ temperature: 0.2 }),
  isDecidedEarly: true,
});
/** Models of which all but the first two weigh exactly 1: the others more, less, and nothing. */
const evenOdds = 1 / (1 + Math.exp(-1));
voterContract('logOdds', {
  makeVoter: () =>
    logOdds({
      accuracies: Object.fromEntries(panelOf(9).map((id, index) => [id, [0.9, 0.6, 0.3][index] ?? evenOdds])),
    }),
  isDecidedEarly: true,
});
voterContract('naiveBayes', {
  makeVoter: () =>
    naiveBayes({
      classes: ['4', '5', '6', '__proto__'],
      prior: [0.4, 0.3, 0.2, 0.1],
      likelihoods: Object.fromEntries(
        panelOf(9).map((id, index) => [
          id,
          [0, 1, 2, 3].map((right) =>
            [0, 1, 2, 3].map((given) => (right === given ? 0.4 : 0.2) + 0.01 * (index % 3) * (right - 1.5)),
          ),
        ]),
      ),
    }),
  isDecidedEarly: true,
});
voterContract('naiveBayes with strays', {
  makeVoter: () =>
    naiveBayes({
      classes: ['4', '5'],
      withOther: true,
      prior: [0.5, 0.3, 0.2],
      likelihoods: Object.fromEntries(
        panelOf(9).map((id, index) => [
          id,
          [0, 1, 2].map((right) =>
            [0, 1, 2].map((given) => (right === given ? 0.6 : 0.2) + 0.01 * (index % 3)),
          ),
        ]),
      ),
    }),
  isDecidedEarly: true,
});
voterContract('unanimous', { makeVoter: unanimous, isDecidedEarly: true });
voterContract('unanimous of votes', { makeVoter: () => unanimous({ of: 'votes' }), isDecidedEarly: true });
voterContract('fieldwise', {
  makeVoter: fieldwise,
  isDecidedEarly: true,
  toAnswer: (text) => ({ text, capitals: text.toUpperCase() }),
  namesOf: (answer) => Object.entries(answer as object).map(([field, value]) => `${field}=${value}`),
});
voterContract('fieldwise with rules', {
  makeVoter: () => fieldwise({ text: 'majority', capitals: majority(), other: weighted() }),
  isDecidedEarly: true,
  toAnswer: (text) => ({ text, capitals: text.toUpperCase() }),
  namesOf: (answer) => Object.entries(answer as object).map(([field, value]) => `${field}=${value}`),
});
voterContract('a vote function', {
  makeVoter: () => fromVoteFunction(plurality as VoteFunction, panelOf(9)),
  isDecidedEarly: false,
});
voterContract('a fold of one’s own', { makeVoter: () => longest, isDecidedEarly: false });

let asked = 0;
const counting =
  <Said>(said: Said) =>
  () => {
    asked += 1;
    return said;
  };
const question = 'What is 17 * 23?';
const timesAsked = () => asked;

modelContract('a function that returns a text', {
  makeModel: (id) => defineModel(id, counting('391')),
  question,
  timesAsked,
});
modelContract('a function that returns a response', {
  makeModel: (id) => defineModel(id, counting({ text: '391', confidence: 0.9 })),
  question,
  timesAsked,
});
modelContract('a function that returns a promise', {
  makeModel: (id) => defineModel(id, async () => counting('391')()),
  question,
  timesAsked,
});
modelContract('a function that returns an Observable', {
  makeModel: (id) => defineModel(id, () => timer(1).pipe(map(counting('391')))),
  question,
  timesAsked,
});
modelContract('a function that returns an Observable of many texts', {
  makeModel: (id) => defineModel(id, () => from([1, 2, 3]).pipe(map(counting('391')))),
  question,
  timesAsked,
});
modelContract('simulated', { makeModel: (id) => simulated({ id }), question });
modelContract('simulated, with a latency', { makeModel: (id) => simulated({ id, latencyMs: 2 }), question });
modelContract('replay', {
  makeModel: (id) => replay([{ question, responses: [{ model: id, text: '391' }] }])[0] as Model,
  question,
});
modelContract('replay, with latencies', {
  makeModel: (id) =>
    replay([{ question, responses: [{ model: id, text: '391', latencyMs: 2 }] }], {
      withLatency: true,
    })[0] as Model,
  question,
});
modelContract('an ensemble', {
  makeModel: (id) => createEnsemble({ models: [defineModel('inner', counting('391'))] }).asModel(id),
  question,
  timesAsked,
});

executionContract('parallel', parallel);
executionContract('sequential', sequential);
executionContract('hedged', hedged);
executionContract('hedged without a delay', () => hedged({ hedgeDelayMs: 0, maxHedges: 5 }));
executionContract('hedged, with a learned delay and a budget', () =>
  hedged({ hedgeDelayMs: 3, delay: { warmUpCalls: 1 }, maxExtraRatio: 0.5, on: 'firstToken' }),
);
executionContract('hedged to the same model', () => hedged({ to: 'same' }));
executionContract('a panel of hedged calls', () => hedgeEach({ hedgeDelayMs: 3, maxHedges: 2 })(parallel()));
executionContract('cascade', cascade);
executionContract('two calls at a time', () => ({ schedule: (calls) => merge(...calls, 2) }));
executionContract('staggered', () => ({ schedule: staggered(3), earlyStop: decided() }));

const inner = (id: string): Model => simulated({ id });
modelContract('a model under retry', { makeModel: (id) => retry()(inner(id)), question });
modelContract('a model under timeout', { makeModel: (id) => timeout(1000)(inner(id)), question });
modelContract('a model under a limit of concurrency', {
  makeModel: (id) => concurrency({ maxConcurrent: 2 })(inner(id)),
  question,
});
modelContract('a model under a limit of rate', {
  makeModel: (id) => rateLimit({ requestsPerMinute: 60_000, burst: 100 })(inner(id)),
  question,
});
modelContract('a model under a circuit breaker', {
  makeModel: (id) => circuitBreaker()(inner(id)),
  question,
});
modelContract('a model under a budget', {
  makeModel: (id) =>
    budget({
      perPredictionUsd: 1,
      maxOutputTokens: 1,
      pricing: { priceOf: () => ({ usd: 0.01 }), countTokens: () => 1 },
    })(inner(id)),
  question,
});
modelContract('a cached model', { makeModel: (id) => cache()(inner(id)), question });
modelContract('a model with a fallback', {
  makeModel: (id) => fallback(id, [inner('first'), inner('second')]),
  question,
});
modelContract('policies upon policies', {
  makeModel: (id) =>
    [retry(), timeout(1000), concurrency({ maxConcurrent: 2 })].reduce(
      (model, policy) => policy(model),
      inner(id),
    ),
  question,
});
