import fc from 'fast-check';
import { concat, from, merge } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromPanel, type PanelVoter } from '../../../src/experiment/experiment.ts';
import { panelVoter } from '../../../src/experiment/tuning/learned-voter.ts';
import {
  adaptive,
  answerKey,
  bestConfidence,
  confidenceWeighted,
  confident,
  consensus,
  createEnsemble,
  decided,
  defineModel,
  fieldwise,
  firstAnswer,
  logOdds,
  majority,
  NoConsensusError,
  naiveBayes,
  never,
  type Outcome,
  type Schedule,
  type StopRule,
  unanimous,
  type VoteFunction,
  type Voter,
  weighted,
  wrapVoter,
} from '../../../src/index.ts';
import { elect } from '../../../src/operators/operators.ts';
import { fromVoteFunction } from '../../../src/strategies/voting/from-vote-function.ts';
import { voterContract } from '../../../src/testing/testing.ts';
import { answered, arrivals, panelOf } from '../../outcomes.ts';

const PANEL = panelOf(7);
const byModel = <T>(make: (index: number) => T): Record<string, T> =>
  Object.fromEntries(PANEL.map((id, index) => [id, make(index)]));

const tallest: VoteFunction = (votes) => {
  const counts = new Map<string, number>();
  for (const { key } of votes) counts.set(key, (counts.get(key) ?? 0) + 1);
  const [key, count] = [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a));
  return { answer: key, consensus: count / votes.length, votes: Object.fromEntries(counts) };
};

/** Rows in which each model is right less often than the one before; the last one is mostly wrong. */
const matrix = (index: number, size: number): number[][] => {
  const right = 0.95 - 0.12 * index;
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row === column ? right : (1 - right) / (size - 1))),
  );
};
const likelihoods = byModel((index) => matrix(index, 3));
const prior = [0.5, 0.3, 0.2];
const classes = ['4', '5', '6'];
/** The same with one more class for strays, which is seldom right. */
const withOther = {
  classes,
  withOther: true,
  prior: [0.45, 0.3, 0.2, 0.05],
  likelihoods: byModel((index) => matrix(index, 4)),
};
const accuracies = [0.95, 0.9, 0.8, 0.7, 0.6, 0.4, 0.51];

const rules: readonly PanelVoter[] = [
  { rule: 'majority' },
  { rule: 'bestConfidence' },
  { rule: 'confidenceWeighted', temperature: 0.5 },
  { rule: 'weights', weights: [3, 2.5, 1, 0.4, 0.1, 0, 1] },
  { rule: 'logOdds', accuracies, choices: 2 },
  { rule: 'logOdds', accuracies, choices: 3.5 },
  { rule: 'logOdds', accuracies: accuracies.map(() => 0.8), choices: 10 },
  // Models that are no better than chance: a vote weighs nothing, and yet may be for one more answer.
  { rule: 'logOdds', accuracies: [0.8, 0.8, 0.5, 0.5, 0.4, 0.3, 0.5], choices: 2 },
  { rule: 'naiveBayes', classes, prior, likelihoods: Object.values(likelihoods) },
  { rule: 'naiveBayes', ...withOther, likelihoods: Object.values(withOther.likelihoods) },
];
const thresholds = [0, 0.5, 0.6, 0.8, 0.92, 0.999, 1];

const voters: Readonly<Record<string, () => Voter>> = {
  majority,
  weighted,
  'weighted with weights': () => weighted({ weights: { m0: 3, m1: 0.1, m2: 0 } }),
  confidenceWeighted: () => confidenceWeighted({ temperature: 0.2 }),
  bestConfidence,
  unanimous,
  'unanimous of votes': () => unanimous({ of: 'votes' }),
  'a wrapped unanimous': () => wrapVoter(unanimous(), (standing, { margin }) => ({ ...standing, margin })),
  logOdds: () => logOdds({ accuracies: byModel((index) => accuracies[index] ?? 0.5), choices: 3 }),
  naiveBayes: () => naiveBayes({ classes, prior, likelihoods }),
  'naiveBayes with strays': () => naiveBayes(withOther),
  fieldwise,
  'a vote function': () => fromVoteFunction(tallest, PANEL),
  'a wrapped voter': () =>
    wrapVoter(weighted({ weights: { m0: 3 } }), (standing, { margin }) =>
      (standing.lead ?? 0) >= 2
        ? { ...standing, margin }
        : { ...standing, answer: undefined, leadingVote: undefined },
    ),
  ...Object.fromEntries(
    rules.flatMap((voter) =>
      [undefined, ...thresholds].map((acceptFrom) => [
        `a panel by ${JSON.stringify(voter).slice(0, 70)} from ${acceptFrom}`,
        () => panelVoter({ members: PANEL, voter, ...(acceptFrom !== undefined && { acceptFrom }) }),
      ]),
    ),
  ),
};

/** An outcome whose answer has two fields, of which the second is shared by some answers. */
const withFields = (outcome: Outcome<string>): Outcome<string> => {
  if (outcome.status !== 'answered') return outcome;
  const answer = { digit: outcome.answer, isOdd: outcome.answer === '5' };
  return { ...outcome, answer: answer as unknown as string, key: answerKey(answer) };
};
const counted = (name: string, outcome: Outcome<string>): Outcome<string> =>
  name === 'fieldwise' ? withFields(outcome) : outcome;

/** How an election ends: its leader, and how many outcomes it needed. */
const ended = (
  voter: Voter,
  outcomes: readonly Outcome<string>[],
  rule: StopRule,
): { readonly leader: unknown; readonly calls: number } => {
  let calls = 0;
  let leader: unknown;
  const stopWhen: StopRule = (tally) => {
    calls += 1;
    return rule(tally);
  };
  from(outcomes)
    .pipe(elect({ voter, panel: outcomes.map(({ model }) => model), stopWhen }))
    .subscribe((tally) => {
      leader = tally.leader;
    });
  return { leader, calls };
};

describe('decided', { timeout: 60_000 }, () => {
  it.each(Object.entries(voters))(
    'has the result of a full run, in any order of arrival: %s',
    (name, makeVoter) => {
      fc.assert(
        fc.property(arrivals(7), (arrived) => {
          const outcomes = arrived.map((outcome) => counted(name, outcome));
          expect(ended(makeVoter(), outcomes, decided()).leader).toStrictEqual(
            ended(makeVoter(), outcomes, never()).leader,
          );
        }),
        { numRuns: 100, seed: 13 },
      );
    },
  );

  it.each(Object.entries(voters))('keeps the contract of voters: %s', async (name, createVoter) => {
    const answers =
      name === 'fieldwise' ? [{ a: 4, b: 1 }, { a: 5, b: 1 }, { a: 5 }] : ['4', '5', '6', 'else', 'other'];
    for (const { run } of voterContract({ name, createVoter, answers })) await run();
  });

  const oneByOne: Schedule = (calls) => concat(...calls);
  const allAtOnce: Schedule = (calls) => merge(...calls);

  it.each([
    ['one by one', oneByOne],
    ['all at once', allAtOnce],
  ])('predicts what a full run does, with %s', async (_, schedule) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.entries(voters).filter(([name]) => name !== 'fieldwise')),
        arrivals(7),
        async ([, makeVoter], outcomes) => {
          const answerOf = async (earlyStop: 'decided' | false) => {
            const models = outcomes.map((outcome) =>
              defineModel(outcome.model, () => {
                if (outcome.status === 'failed') throw outcome.error;
                return outcome.status === 'cancelled' ? '' : outcome.response;
              }),
            );
            return createEnsemble({
              models,
              strategy: { ...makeVoter(), faults: () => [] },
              normalization: (text: string) => text || undefined,
              execution: { schedule, minResponses: () => 1 },
              earlyStop,
            })
              .predict('?')
              .then(
                ({ answer }) => answer,
                (error: unknown) => (error as Error).name,
              );
          };
          expect(await answerOf('decided')).toBe(await answerOf(false));
        },
      ),
      { numRuns: 500, seed: 13 },
    );
  });

  it('is not misled by a wrapped voter that is surer than one vote may make it: 4 4 5 5 5', async () => {
    for (const acceptFrom of [0, 0.5, 0.85, 0.99]) {
      const panel = {
        format: 'crucible-ensemble/panel',
        version: 1,
        members: panelOf(5),
        voter: { rule: 'logOdds', accuracies: [0.9, 0.9, 0.9, 0.9, 0.9], choices: 2 },
        execution: { schedule: 'sequential', stop: 'decided' },
        acceptFrom,
      };
      const models = ['4', '4', '5', '5', '5'].map((text, index) => defineModel(`m${index}`, () => text));
      const result = await createEnsemble(fromPanel(panel, { models }))
        .predict('?')
        .catch((error: unknown) => error as NoConsensusError);
      // Three of five are never as sure as 0.99, which is certain after four votes.
      expect(result.outcomes).toHaveLength(acceptFrom < 0.9 ? 5 : 4);
      if (acceptFrom < 0.9) expect(result).toMatchObject({ answer: '5' });
      else expect(result).toBeInstanceOf(NoConsensusError);
    }
  });

  it('is not misled by a voter without a ceiling whose votes have weighed more than one', () => {
    const heavy = weighted({ weights: byModel(() => 3) });
    const careless: Voter = {
      name: 'careless',
      init: () => heavy.init(),
      add: (state, vote) => heavy.add(state, vote),
      tally: (state) => heavy.tally(state),
    };
    const votes = ['4', '4', '5', '5', '5'].map((answer, index) => answered(index, answer));
    expect(ended(careless, votes, decided())).toStrictEqual({ leader: '5', calls: 5 });
  });
});

describe('every other rule', { timeout: 60_000 }, () => {
  const stopRules: Readonly<Record<string, () => StopRule>> = {
    consensus: () => consensus(0.6),
    'consensus of the panel': () => consensus(0.6, { of: 'panel' }),
    confident: () => confident(0.5),
    firstAnswer,
    adaptive,
  };

  it.each(Object.entries(stopRules))('goes on while there is no winner yet: %s', (_, makeRule) => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(voters)), arrivals(7), (makeVoter, outcomes) => {
        if (ended(makeVoter(), outcomes, makeRule()).leader !== undefined) return;
        const isMissed = ended(makeVoter(), outcomes, never()).leader !== undefined;
        expect(isMissed).toBe(false);
      }),
      { numRuns: 1000, seed: 13 },
    );
  });

  it('makes no more calls than decided: adaptive', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(voters)),
        arrivals(7),
        fc.constantFrom(0.5, 0.8, 0.95, 1),
        (makeVoter, outcomes, threshold) => {
          const { calls } = ended(makeVoter(), outcomes, adaptive({ threshold }));
          expect(calls).toBeLessThanOrEqual(ended(makeVoter(), outcomes, decided()).calls);
        },
      ),
      { numRuns: 1500, seed: 13 },
    );
  });
});
