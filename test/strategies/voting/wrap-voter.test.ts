import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Standing, type Voter, weighted, wrapVoter } from '../../../src/index.ts';
import { answered } from '../../outcomes.ts';

describe('wrapVoter', () => {
  const inner = weighted({ weights: { m0: 3 } });

  it('passes on everything but the standing', () => {
    const outer = wrapVoter(inner, (standing) => standing);
    expect(outer.name).toBe('weighted');
    expect(outer.ceiling?.('m0')).toBe(3);
    expect(outer.faults?.(['m1'])).toStrictEqual(inner.faults?.(['m1']));
    const state = outer.add(outer.init(), answered(0, '4', 0.5));
    const { margin: _, ...expected } = {
      ...outer.tally(state),
      answer: '4',
      consensus: 1,
      votes: { 4: 1.5 },
      lead: 1.5,
      runnerUp: 0,
      total: 1.5,
    };
    expect(outer.tally(state)).toStrictEqual(expected);
  });

  it('has no members that the wrapped voter does not have', () => {
    const plain: Voter = { name: 'plain', init: () => 0, add: () => 0, tally: () => nothing };
    const nothing: Standing = { answer: undefined, consensus: 0, votes: {} };
    const outer = wrapVoter(plain, (standing) => standing);
    expect(Object.keys(outer)).toStrictEqual(['name', 'init', 'add', 'tally']);
    expect(outer.tally(0)).toStrictEqual({ consensus: 0, votes: {} });
  });

  it('passes on the methods of a class', () => {
    class Heavy implements Voter<number> {
      readonly name = 'heavy';
      readonly #most = 7;
      init = () => 0;
      add = (sum: number) => sum + this.#most;
      tally(sum: number): Standing {
        return { answer: 'x', consensus: 1, votes: { x: sum } };
      }
      ceiling(): number {
        return this.#most;
      }
    }
    const outer = wrapVoter(new Heavy(), (standing) => standing);
    expect(outer.ceiling?.('m0')).toBe(7);
    expect(outer.tally(outer.add(outer.init(), answered(0, 'x')))).toMatchObject({ votes: { x: 7 } });
  });

  it('hands over the margin and the pending calls, and has no margin of its own accord', () => {
    const seen: unknown[] = [];
    const outer = wrapVoter(inner, (standing, remainder) => {
      seen.push(remainder);
      return standing;
    });
    const state = outer.add(outer.init(), answered(0, '4'));
    expect(outer.tally(state, 2)).not.toHaveProperty('margin');
    outer.tally(state);
    expect(seen).toStrictEqual([
      { margin: 3, pending: 2 },
      { margin: 3, pending: Number.POSITIVE_INFINITY },
    ]);
  });

  it('refuses what it cannot wrap', () => {
    expect(() => wrapVoter({} as Voter, (standing) => standing)).toThrow(
      'wrapVoter: option "voter" must be a voter, such as majority(), but got an object',
    );
    expect(() => wrapVoter(inner, undefined as never)).toThrow('wrapVoter: option "change"');
  });

  it('is the only way in which a voter of this package counts by another', () => {
    const src = fileURLToPath(new URL('../../../src/', import.meta.url));
    // Groupings have an `init` of their own.
    const files = globSync('**/*.ts', { cwd: src }).filter((path) => !/^(grouping|testing)\//.test(path));
    const callers = files.filter((path) => /^(?! \*).*\w\.init\(/m.test(readFileSync(src + path, 'utf8')));
    expect(callers.toSorted()).toStrictEqual([
      'core/count-votes.ts',
      'strategies/voting/election.ts',
      'strategies/voting/fields/field-poll.ts',
      'strategies/voting/grouped-voter.ts',
      'strategies/voting/rowwise.ts',
      'strategies/voting/wrap-voter.ts',
    ]);
  });
});
