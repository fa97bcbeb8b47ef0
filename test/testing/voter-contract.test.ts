import { voterContract } from 'crucible-ensemble/testing';
import { describe, expect, it } from 'vitest';
import { bestConfidence, decided, majority, type Standing, type Voter, weighted } from '../../src/index.ts';
import { Election } from '../../src/strategies/voting/election.ts';
import { answered } from '../outcomes.ts';

const heavy = () => weighted({ weights: { m5: 4, m6: 4 } });

/** A voter whose tally is changed by hand. */
const retallied = (voter: Voter, change: (standing: Standing) => Partial<Standing>): Voter => ({
  ...voter,
  tally(state) {
    const {
      answer,
      consensus,
      votes,
      leadingVote,
      lead = 0,
      runnerUp = 0,
      total = 0,
      margin = 0,
    } = voter.tally(state);
    const standing = { answer, consensus, votes, leadingVote, lead, runnerUp, total, margin };
    return { ...standing, ...change(standing) };
  },
});

const { ceiling: _, ...withoutCeiling } = heavy();
const kept = { sum: 0 };

const flaws: readonly (readonly [flaw: string, voter: () => Voter, complaint: RegExp])[] = [
  ['drops the ceiling of a voter', () => withoutCeiling as Voter, /no ceiling\(model\).*wrapVoter/s],
  [
    'says that votes add less than they do',
    () => ({ ...heavy(), ceiling: () => 1 }),
    /counts as decided after .*change it/,
  ],
  [
    'says that its leader is certain',
    () => retallied(majority(), () => ({ margin: Number.POSITIVE_INFINITY })),
    /counts as decided/,
  ],
  [
    'has a winner from a share on, with the margin of the majority',
    () =>
      retallied(majority(), ({ consensus, answer, leadingVote }) =>
        consensus >= 0.7 ? { answer, leadingVote } : { answer: undefined, leadingVote: undefined },
      ),
    /counts as decided/,
  ],
  [
    'is decided by confidence',
    () => retallied(bestConfidence(), ({ lead = 0, runnerUp = 0 }) => ({ margin: lead - runnerUp })),
    /counts as decided/,
  ],
  [
    'quotes a vote for another answer',
    () => retallied(majority(), () => ({ answer: 'mine' })),
    /the leading vote of .* is for another answer/,
  ],
  [
    'follows the order of arrival',
    () => ({
      name: 'first',
      init: () => undefined,
      add: (first, { key }) => first ?? key,
      tally: (first) => ({ answer: first, consensus: 1, votes: { [`${first}`]: 1 } }),
    }),
    /sort by vote.index/,
  ],
  [
    'keeps its state outside',
    () => ({
      name: 'kept',
      init: () => kept,
      add: (state) => {
        kept.sum += 1;
        return state;
      },
      tally: () => ({ answer: `${kept.sum % 2}`, consensus: 1, votes: {} }),
    }),
    /create the state in init/,
  ],
];

const failuresOf = async (createVoter: () => Voter): Promise<string> => {
  const failures: string[] = [];
  for (const { run } of voterContract({ name: 'it', createVoter })) {
    await run().catch((error: Error) => failures.push(error.message));
  }
  return failures.join('\n');
};

describe('voterContract', () => {
  it.each(flaws)('fails a voter that %s', async (_flaw, createVoter, complaint) => {
    expect(await failuresOf(createVoter)).toMatch(complaint);
  });

  it('passes a voter that is decided by a veto, and one whose votes are for several answers', async () => {
    const veto: Voter<{ cast: number; vetoes: number }> = {
      name: 'veto',
      init: () => ({ cast: 0, vetoes: 0 }),
      add: ({ cast, vetoes }, { key }) => ({ cast: cast + 1, vetoes: vetoes + (key === 'unsafe' ? 1 : 0) }),
      tally: ({ cast, vetoes }) => ({
        answer: vetoes > 0 ? 'unsafe' : 'safe',
        consensus: (vetoes || cast) / cast,
        votes: { safe: cast - vetoes, unsafe: vetoes },
        margin: vetoes > 0 ? Number.POSITIVE_INFINITY : 0,
      }),
    };
    // Each vote names some letters, and the one that most votes name wins, the first of a tie.
    const approval: Voter<Map<string, number>> = {
      name: 'approval',
      init: () => new Map(),
      add: (counts, { key }) => {
        for (const letter of new Set(key)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
        return counts;
      },
      tally: (counts) => {
        const [[answer, lead] = ['', 0], [, second] = ['', 0]] = [...counts].toSorted(
          ([a, some], [b, others]) => others - some || (a < b ? -1 : 1),
        );
        return { answer, consensus: 1, votes: Object.fromEntries(counts), margin: lead - second };
      },
    };
    for (const [createVoter, answers] of [
      [() => veto, ['safe', 'unsafe']],
      [() => approval, ['ab', 'abc', 'c', 'bd']],
    ] as const) {
      for (const { run } of voterContract({ name: 'it', createVoter, answers })) await run();
    }
    const election = new Election(approval, ['m0', 'm1', 'm2']);
    for (const index of [0, 1]) election.add(answered(index, 'a'));
    expect(decided()(election.tally())).toBe(true);
  });

  it('names its cases after the voter', () => {
    expect(voterContract({ name: 'mine', createVoter: majority }).map(({ name }) => name)).toContain(
      'mine gives the same result in every order of arrival',
    );
  });

  it('refuses options that are none', () => {
    expect(() => voterContract({ name: '', createVoter: majority, panel: [], answers: ['4'] })).toThrow(
      /"name" must be .*"panel" must be a list of ids.*"answers" must be a list of at least two answers/s,
    );
  });
});
