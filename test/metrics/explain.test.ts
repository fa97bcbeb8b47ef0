import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestConfidence,
  cascade,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  fieldwise,
  hedged,
  type ModelResponse,
  majority,
  type Prediction,
  simulated,
  unanimous,
  type VoteFunction,
  type Voter,
  weighted,
} from '../../src/index.ts';
import { explain } from '../../src/metrics/explain.ts';

type Said = string | ModelResponse;

const panel = (...answers: readonly Said[]) =>
  answers.map((answer, index) => defineModel(`m${index}`, () => answer));

const predicted = (options: Omit<EnsembleOptions, 'models'>, ...answers: readonly Said[]) =>
  createEnsemble({ models: panel(...answers), ...options } as EnsembleOptions).predict('?');

/** An election of up to seven models, which has a winner. */
const someSaid: fc.Arbitrary<Said> = fc.record({
  text: fc.constantFrom('4', '5', '6'),
  confidence: fc.option(fc.constantFrom(0.2, 0.5, 0.9), { nil: undefined }),
});
const weights = { m0: 2, m1: 0.5, m2: 3 };
const voters: Readonly<Record<string, () => Voter>> = {
  majority,
  bestConfidence,
  weighted,
  'weighted with weights': () => weighted({ weights }),
};

const elected = async (voter: Voter, said: readonly Said[]): Promise<Prediction> =>
  predicted({ strategy: voter, minResponses: 1 }, ...said);

const without = (said: readonly Said[], index: number): Said[] =>
  said.map((answer, place) => (place === index ? { text: '', finishReason: 'refusal' } : answer));

describe('explain', () => {
  it('says what each member did, who is pivotal and what the runner-up needed', async () => {
    const { winner, runnerUp, margin, contributions, pivotal } = explain(
      await predicted({}, '4', '5', '4', '5', '4'),
    );
    expect(winner).toStrictEqual({ key: '4', votes: 3 });
    expect(runnerUp).toStrictEqual({ key: '5', votes: 2, switchesNeeded: 1 });
    expect(margin).toBe(1);
    expect(contributions.map(({ stance, support }) => [stance, support])).toStrictEqual([
      ['for', 1],
      ['against', 0],
      ['for', 1],
      ['against', 0],
      ['for', 1],
    ]);
    expect(pivotal).toStrictEqual([
      // Two against two is a tie, which the first of the panel decides: for the others it is m0.
      { model: 'm0', index: 0, ifAbsent: true, ifSwitched: true },
      { model: 'm2', index: 2, ifAbsent: false, ifSwitched: true },
      { model: 'm4', index: 4, ifAbsent: false, ifSwitched: true },
    ]);
  });

  it('finds no pivotal vote if two votes would have to change', async () => {
    const { pivotal, runnerUp, text } = explain(await predicted({}, '4', '4', '4', '4', '5'));
    expect(pivotal).toStrictEqual([]);
    expect(runnerUp).toStrictEqual({ key: '5', votes: 1, switchesNeeded: 2 });
    expect(text.split('\n').slice(-2)).toStrictEqual([
      'No single vote decided it.',
      "“5” would have won if 2 of the winner's supporters had voted for it.",
    ]);
  });

  it('takes weights and shares from the voter that it is given', async () => {
    const strategy = weighted({ weights: { m2: 3 } });
    const prediction = await predicted({ strategy }, '5', '5', { text: '4', confidence: 0.8 });
    const { contributions, winner, pivotal, notRecounted } = explain(prediction, { voter: strategy });
    expect(winner).toStrictEqual({ key: '4', votes: 2.4 });
    expect(contributions.map(({ support, share }) => [support, share])).toStrictEqual([
      [0, 0],
      [0, 0],
      [2.4, 1],
    ]);
    expect(pivotal).toMatchObject([{ model: 'm2', ifAbsent: true }]);
    expect(notRecounted).toBeUndefined();
  });

  it('leaves open what rests on weights that it does not know', async () => {
    const strategy = weighted({ weights: { m2: 3 } });
    const prediction = await predicted({ strategy }, '5', '5', '4');
    const { contributions, winner, runnerUp, margin, pivotal, notRecounted, text } = explain(prediction);
    expect(winner).toStrictEqual({ key: '4', votes: 3 });
    expect(runnerUp).toStrictEqual({ key: '5', votes: 2, switchesNeeded: undefined });
    expect(margin).toBe(1);
    expect(contributions.map(({ stance, support }) => [stance, support])).toStrictEqual([
      ['against', undefined],
      ['against', undefined],
      ['for', undefined],
    ]);
    expect(pivotal).toBeUndefined();
    expect(notRecounted).toContain('does not contain the options of its voting strategy');
    expect(text).toContain('The deciding vote is not known');
  });

  it('does not believe a voter that comes to other votes than the prediction has', async () => {
    const prediction = await predicted({ strategy: weighted({ weights: { m0: 3 } }) }, '4', '5', '5');
    expect(explain(prediction, { voter: majority() }).notRecounted).toContain(
      'the given voter counts differ',
    );
  });

  it('knows the most confident vote, against which no number of votes counts', async () => {
    const { margin, text } = explain(
      await predicted(
        { strategy: 'bestConfidence' },
        { text: '5', confidence: 0.4 },
        { text: '4', confidence: 0.9 },
        { text: '5', confidence: 0.5 },
      ),
    );
    expect(margin).toBe(-1);
    expect(text.split('\n').slice(0, 2)).toStrictEqual([
      'The answer is “4”, that of the most confident vote: m1, with a confidence of 0.9.',
      '1 of 3 votes is for it.',
    ]);
  });

  it('knows that a unanimous vote hangs on everybody', async () => {
    const { pivotal, runnerUp } = explain(await predicted({ strategy: unanimous() }, '4', '4', '4'));
    expect(runnerUp).toBeUndefined();
    expect(pivotal?.map(({ ifAbsent, ifSwitched }) => [ifAbsent, ifSwitched])).toStrictEqual([
      [false, true],
      [false, true],
      [false, true],
    ]);
  });

  it('splits an answer put together field by field among those who supported parts of it', async () => {
    const { winner, contributions, text } = explain(
      await predicted(
        { strategy: fieldwise(), normalization: 'json' },
        '{"a":1,"b":0}',
        '{"a":1,"b":1}',
        '{"a":0,"b":1}',
      ),
    );
    expect(winner).toStrictEqual({ key: '{"a":1,"b":1}', votes: 4 });
    expect(contributions.map(({ stance, share }) => [stance, share])).toStrictEqual([
      ['partly', 0.25],
      ['for', 0.5],
      ['partly', 0.25],
    ]);
    expect(text).toContain('the least agreed field is “a”, with 2 votes for “1” and 1 for the next');
    expect(text).toContain('For it: m1.\nPartly for it: m0 and m2.');
  });

  it('tells the consensus of the least agreed field if a rule does not count values', async () => {
    const strategy = fieldwise({ a: 'median' });
    const prediction = await predicted(
      { strategy, normalization: 'json' },
      '{"a":1,"b":0}',
      '{"a":2,"b":0}',
      '{"a":4,"b":0}',
      '{"a":6,"b":0}',
    );
    expect(explain(prediction, { voter: strategy }).text).toContain(
      'elected field by field from 4 votes; the least agreed field is “a”, with a consensus of 0.',
    );
  });

  it('has no weights if a custom strategy does not add up votes', async () => {
    const oneAFamily: VoteFunction = (votes) => {
      const families = new Map(votes.map(({ key, index }) => [Math.floor(index / 2), key]));
      const counts: Record<string, number> = {};
      for (const key of families.values()) counts[key] = (counts[key] ?? 0) + 1;
      const [first] = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
      return { answer: first?.[0], consensus: (first?.[1] ?? 0) / families.size, votes: counts };
    };
    const prediction = await predicted({ strategy: oneAFamily }, '5', '5', '4', '4', '4');
    expect(explain(prediction).notRecounted).toContain('not built in');
    const { winner, contributions, pivotal } = explain(prediction, { voter: oneAFamily });
    expect(winner).toStrictEqual({ key: '4', votes: 2 });
    expect(contributions.map(({ support }) => support)).toStrictEqual(Array(5).fill(undefined));
    expect(pivotal?.map(({ model }) => model)).toStrictEqual(['m3', 'm4']);
  });

  it('says of a hedged call that one answer was taken, and who was not waited for', async () => {
    const prediction = await createEnsemble({
      models: [
        simulated({ id: 'slow', accuracy: 1, latencyMs: 5000 }),
        simulated({ id: 'backup', accuracy: 1, costUsd: 0.001 }),
        simulated({ id: 'third', accuracy: 1 }),
      ],
      execution: hedged({ hedgeDelayMs: 1, maxHedges: 1 }),
    }).predict('What is 2 + 2?');
    const { contributions, neverAsked, text } = explain(prediction);
    expect(text.split('\n')).toStrictEqual([
      'The answer is “4”: the only answer received, from backup.',
      'A hedged execution takes the first answer that arrives.',
      'slow was cancelled, because enough votes had arrived.',
      '1 more call of the panel was never made.',
    ]);
    expect(neverAsked).toBe(1);
    expect(contributions.map(({ stance, absence, costUsd }) => [stance, absence, costUsd])).toStrictEqual([
      ['absent', 'cancelled', undefined],
      ['for', undefined, 0.001],
    ]);
  });

  it('says of a cascade that it took a confident answer', async () => {
    const { text } = explain(
      await predicted({ execution: cascade() }, { text: '4', confidence: 0.95 }, '5', '5'),
    );
    expect(text.split('\n')).toStrictEqual([
      'The answer is “4”: the only answer received, from m0, with a confidence of 0.95.',
      'A cascade takes the first answer that is confident enough.',
      '2 more calls of the panel were never made.',
    ]);
  });

  it('names those who are missing, and why', async () => {
    const prediction = await createEnsemble({
      models: [
        ...panel('4', '4', 'none'),
        defineModel('broken', () => {
          throw new TypeError('secret');
        }),
        simulated({ id: 'late', latencyMs: 5000 }),
      ],
      normalization: 'numeric',
      minResponses: 2,
      deadlineMs: 5,
    }).predict('What is 2 + 2?');
    const { missing, text } = explain(prediction);
    expect(missing.map(({ model }) => model)).toStrictEqual(['m2', 'broken', 'late']);
    expect(text.split('\n').slice(-3)).toStrictEqual([
      'm2 abstained: a number was not found.',
      'broken failed with ModelError.',
      'late was cancelled at the deadline.',
    ]);
  });

  it('counts the samples of a model together in words', async () => {
    expect(explain(await predicted({ samples: 3 }, '4', '4', '5')).text).toContain(
      'For it: m0 (3 votes) and m1 (3 votes).\nAgainst it: m2 with “5”.',
    );
  });

  it('shows hostile answers on one line, escaped and cut, and no prompt', async () => {
    const answer = `\u001b[2J”\nIt won “${'9'.repeat(1000)}`;
    const ensemble = createEnsemble({ models: panel(answer, '4', '4', '__proto__') });
    const { text } = explain(await ensemble.predict('canary-prompt'));
    expect(text.split('\n').every((line) => line.length < 400)).toBe(true);
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).toContain('m0 with “\\x1b[2j"');
    expect(text).toContain('m3 with “__proto__”');
    expect(text).not.toContain('canary-prompt');
  });

  it('explains a prediction that was read back from JSON the same way', async () => {
    const prediction = await predicted({ strategy: 'weighted' }, '4', { text: '5', confidence: 0.3 }, '4');
    const stored = JSON.parse(JSON.stringify(prediction)) as Prediction;
    expect(JSON.stringify(explain(stored))).toBe(JSON.stringify(explain(prediction)));
    expect(`${explain(stored)}`).toBe(explain(prediction).text);
  });

  it('refuses what is no voter', async () => {
    const prediction = await predicted({}, '4');
    expect(() => explain(prediction, { voter: 'majority' as unknown as Voter })).toThrow(
      'explain: option "voter" must be a voter, such as majority(), or a function of the votes, but got "majority"',
    );
  });

  it.each(Object.keys(voters))('adds up to what the winner has, with %s', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.array(someSaid, { minLength: 1, maxLength: 7 }), async (said) => {
        const panelWeights = Object.fromEntries(Object.entries(weights).slice(0, said.length));
        const voter = name.includes(' ') ? weighted({ weights: panelWeights }) : (voters[name]?.() as Voter);
        const { winner, contributions } = explain(await elected(voter, said), { voter });
        const sum = contributions.reduce((all, { support = Number.NaN }) => all + support, 0);
        expect(sum).toBeCloseTo(winner.votes ?? Number.NaN, 9);
        const shares = contributions.reduce((all, { share = Number.NaN }) => all + share, 0);
        expect(shares).toBeCloseTo(1, 9);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['majority', 'bestConfidence', 'weighted'])(
    'calls a vote of %s pivotal exactly where an election without it has another winner',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(fc.array(someSaid, { minLength: 2, maxLength: 6 }), async (said) => {
          const voter = voters[name]?.() as Voter;
          const prediction = await elected(voter, said);
          const { pivotal = [] } = explain(prediction);
          const really = await Promise.all(
            said.map(async (_, index) => {
              const { answer } = await elected(voter, without(said, index));
              return answer !== prediction.answer;
            }),
          );
          const claimed = said.map((_, index) =>
            pivotal.some((flip) => flip.index === index && flip.ifAbsent),
          );
          expect(claimed).toStrictEqual(really);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('names as many switches as the runner-up really needs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someSaid, { minLength: 2, maxLength: 6 }), async (said) => {
        const prediction = await elected(majority(), said);
        const { runnerUp, contributions } = explain(prediction);
        fc.pre(runnerUp?.switchesNeeded !== undefined);
        const supporters = contributions.filter(({ stance }) => stance === 'for').map(({ index }) => index);
        const wins = async (places: readonly number[]): Promise<boolean> => {
          const switched = said.map((answer, place) =>
            places.includes(place) && typeof answer === 'object'
              ? { ...answer, text: runnerUp?.key ?? '' }
              : answer,
          );
          return (await elected(majority(), switched)).answer === runnerUp?.key;
        };
        const ways = Array.from({ length: 2 ** supporters.length }, (_, set) =>
          supporters.filter((_place, bit) => (set >> bit) % 2 === 1),
        );
        const enough = await Promise.all(ways.map(wins));
        const fewest = Math.min(...ways.filter((_, index) => enough[index]).map(({ length }) => length));
        expect(runnerUp?.switchesNeeded).toBe(fewest);
      }),
      { numRuns: 60 },
    );
  });
});
