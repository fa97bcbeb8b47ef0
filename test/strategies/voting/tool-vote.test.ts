import fc from 'fast-check';
import { concat } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  majority,
  type Prediction,
  type Schedule,
  type ToolVoteOptions,
  toolVote,
  type Voter,
} from '../../../src/index.ts';

const query = {
  messages: [{ role: 'user' as const, content: 'Roll the dice' }],
  tools: {
    roll: {
      inputSchema: { type: 'object', properties: { sides: { type: 'integer' }, name: { type: 'string' } } },
    },
  },
};

/** The calls of a model: the sides of each die, or a name; none for an answer in words. */
type Rolls = readonly (number | string)[];

const oneByOne: Schedule = (calls) => concat(...calls);
const predict = (
  answers: readonly Rolls[],
  strategy: Voter,
  earlyStop: 'decided' | false = false,
): Promise<Prediction<unknown>> =>
  createEnsemble({
    models: answers.map((rolls, index) =>
      defineModel(`m${index}`, () => ({
        text: 'Here you are.',
        toolCalls: rolls.map((roll) => ({
          toolName: 'roll',
          input: typeof roll === 'number' ? { sides: roll } : { name: roll },
        })),
      })),
    ),
    strategy,
    execution: { schedule: oneByOne, minResponses: () => 1 },
    earlyStop,
  }).predict(query);

const rolls = ({ toolCalls = [] }: Prediction<unknown>): Rolls =>
  toolCalls.map(({ input }) => {
    const { sides, name } = input as { readonly sides?: number; readonly name?: string };
    return sides ?? name ?? '';
  });
const calls = ({ outcomes }: Prediction<unknown>): number => outcomes.length;

describe('a quorum for no call', () => {
  it.each<[string, readonly Rolls[], ToolVoteOptions, Rolls]>([
    ['is enough, even if more votes are for calls', [[6], [6], [6], [], []], { noCallQuorum: 2 }, []],
    ['is missed', [[6], [6], [6], [], []], { noCallQuorum: 3 }, [6]],
    ['is not needed if no call leads', [[6], [8], [4], [], []], { noCallQuorum: 3 }, []],
    ['is none by default', [[6], [6], [6], [], []], {}, [6]],
  ])('%s', async (_, answers, options, expected) => {
    expect(rolls(await predict(answers, toolVote(options)))).toStrictEqual(expected);
  });

  it('ends a vote early once it is reached, and keeps it open while it can be', async () => {
    const strategy = toolVote({ noCallQuorum: 2 });
    expect(calls(await predict([[], [6], [], [6], [6]], strategy, 'decided'))).toBe(3);
    expect(calls(await predict([[6], [6], [6], [6], []], strategy, 'decided'))).toBe(4);
    expect(calls(await predict([[6], [6], [6], [], [6]], majority(), 'decided'))).toBe(3);
  });

  it('tells the share of the votes that are for no call', async () => {
    const { metadata } = await predict([[6], [6], [6], [], []], toolVote({ noCallQuorum: 2 }));
    expect(metadata).toMatchObject({ consensus: 0.4, strategy: 'toolVote' });
  });

  it('is refused if the panel is smaller', () => {
    expect(() =>
      createEnsemble({ models: [defineModel('a', () => '')], strategy: toolVote({ noCallQuorum: 2 }) }),
    ).toThrow('option "noCallQuorum" of toolVote is 2, which a panel of 1 cannot reach; lower it');
  });
});

describe('the larger of two answers', () => {
  it.each<[string, readonly Rolls[], Rolls]>([
    ['is taken if it has two votes', [[6], [6], [6], [6, 8], [8, 6]], [6, 8]],
    ['is not taken with one vote', [[6], [6], [6], [6, 8], [4]], [6]],
    [
      'has all calls of the winner',
      [
        [6, 6],
        [6, 6],
        [6, 6],
        [6, 8],
        [6, 8],
      ],
      [6, 6],
    ],
    [
      'has them as often',
      [
        [6, 6],
        [6, 6],
        [6, 6],
        [6, 6, 8],
        [6, 6, 8],
      ],
      [6, 6, 8],
    ],
    ['may be larger still', [[6], [6], [6], [6, 8], [6, 8], [6, 8, 4], [4, 6, 8]], [6, 8, 4]],
    ['is no answer to no call', [[], [], [], [6], [6]], []],
  ])('%s', async (_, answers, expected) => {
    expect(rolls(await predict(answers, toolVote({ takeLarger: true })))).toStrictEqual(expected);
  });

  it('is not taken by default', async () => {
    expect(rolls(await predict([[6], [6], [6], [6, 8], [8, 6]], toolVote()))).toStrictEqual([6]);
  });
});

it('refuses other options', () => {
  expect(() => toolVote({ noCallQuorum: 0 })).toThrow(
    'toolVote: option "noCallQuorum" must be an integer of at least 1',
  );
  expect(() => toolVote({ takeLargest: true } as never)).toThrow('did you mean "takeLarger"?');
});

describe('decided', { timeout: 60_000 }, () => {
  const someRolls: fc.Arbitrary<Rolls> = fc.array(fc.constantFrom<number | string>(6, 8, 'd6', 'D6'), {
    maxLength: 2,
  });
  it.each<[string, () => Voter]>([
    ['majority', majority],
    ['a quorum', () => toolVote({ noCallQuorum: 2 })],
    ['the larger answer', () => toolVote({ takeLarger: true })],
    ['both', () => toolVote({ noCallQuorum: 2, takeLarger: true })],
  ])('predicts the same calls as a full run, in the same wording: %s', async (_, strategy) => {
    let saved = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(someRolls, { minLength: 2, maxLength: 7 }), async (answers) => {
        const [early, full] = [
          await predict(answers, strategy(), 'decided'),
          await predict(answers, strategy()),
        ];
        expect(early.toolCalls?.map(({ input }) => JSON.stringify(input)).sort()).toStrictEqual(
          full.toolCalls?.map(({ input }) => JSON.stringify(input)).sort(),
        );
        saved += calls(full) - calls(early);
      }),
      { numRuns: 400, seed: 15 },
    );
    expect(saved).toBeGreaterThan(0);
  });
});
