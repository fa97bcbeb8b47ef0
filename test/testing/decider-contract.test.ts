import { deciderContract } from 'crucible-ensemble/testing';
import { firstValueFrom, lastValueFrom, map, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { council, debate, fuse, judge, jury } from '../../src/deciders/deciders.ts';
import { type DecideFunction, type Decider, defineModel, type StopRule } from '../../src/index.ts';

type Options = Parameters<typeof deciderContract>[0];

/** Chooses the answer with "south" in it, as a judge and as a writer. */
const arbiter = defineModel('arbiter', (prompt) => {
  const [, choice = 'A'] = /<answer-(\w+)-\w+[^>]*>\n[^<]*south/.exec(prompt) ?? [];
  // Each decider refuses the fields of the other.
  return JSON.stringify(
    prompt.includes('"sources"')
      ? { sources: [choice], answer: 'south' }
      : { reason: 'It says south.', choice },
  );
});

describe.each<Options>([
  { name: 'judge', createDecider: (watch, unless) => judge({ model: watch(arbiter), unless }) },
  { name: 'jury', createDecider: (watch, unless) => jury({ members: [watch(arbiter)], unless }) },
  { name: 'fuse', createDecider: (watch, unless) => fuse({ model: watch(arbiter), unless }) },
  { name: 'council', createDecider: (_, unless) => council({ unless }) },
  { name: 'debate', createDecider: (_, unless) => debate({ unless }) },
])('$name', (options) => {
  for (const { name, run } of deciderContract(options)) it(name, run);
});

const honest = (watch: Parameters<Options['createDecider']>[0], unless: StopRule): Decider => ({
  name: 'mine',
  decide: (tally, { question, call }) =>
    unless(tally) ? undefined : call(watch(arbiter), question, { role: 'judge' }).pipe(map(() => undefined)),
});

const flaws: readonly (readonly [
  flaw: string,
  createDecider: Options['createDecider'],
  complaint: RegExp,
])[] = [
  ['chooses what nobody said', () => () => ({ key: 'west' }), /the decider failed/],
  [
    'throws',
    () => () => {
      throw new Error('lost');
    },
    /the decider failed/,
  ],
  [
    'follows the order of arrival',
    () => (tally) => ({ key: tally.outcome?.status === 'answered' ? tally.outcome.key : 'north' }),
    /another one if the votes arrive/,
  ],
  ['ignores "unless"', (watch) => honest(watch, () => false), /although its rule "unless" is true/],
  [
    'calls its model by itself',
    (watch, unless): DecideFunction =>
      async (tally, { query }) => {
        if (!unless(tally)) await lastValueFrom(watch(arbiter).call(query));
        return undefined;
      },
    /account does not have each call/,
  ],
  [
    'leaves a call of its own in flight',
    (watch, unless): DecideFunction =>
      (tally, { query }) => {
        if (!unless(tally))
          watch(arbiter)
            .call(query)
            .subscribe({ error: () => undefined });
        return undefined;
      },
    /still in flight/,
  ],
  [
    'calls before it is subscribed',
    (watch, unless): DecideFunction =>
      (tally, { question, call }) => {
        if (unless(tally)) return undefined;
        call(watch(arbiter), question, { role: 'judge' }).subscribe();
        return of(undefined);
      },
    /before its Observable is subscribed/,
  ],
  [
    'writes without a reply',
    (watch, unless): DecideFunction =>
      (tally, { question, call }) =>
        unless(tally)
          ? undefined
          : call(watch(arbiter), question, { role: 'judge' }).pipe(
              map(() => ({ answer: 'west', text: 'west' })),
            ),
    /writes an answer without a reply/,
  ],
];

describe('deciderContract', () => {
  it.each(flaws)('finds a decider that %s', async (_, createDecider, complaint) => {
    const complaints: string[] = [];
    for (const { run } of deciderContract({ name: 'mine', createDecider })) {
      await run().catch((error: Error) => complaints.push(error.message));
    }
    expect(complaints.join('\n')).toMatch(complaint);
  });

  it('finds nothing in an honest one, nor in one that is an async function', async () => {
    const inPromise: Options['createDecider'] =
      (watch, unless): DecideFunction =>
      async (tally, { question, call }) => {
        if (!unless(tally)) await firstValueFrom(call(watch(arbiter), question, { role: 'judge' }));
        return undefined;
      };
    for (const createDecider of [honest, inPromise])
      for (const { run } of deciderContract({ name: 'mine', createDecider })) await run();
  });

  it.each([
    [{ name: 'mine' }, /"createDecider" is missing/],
    [{ name: 'mine', createDecider: honest, answers: ['one'] }, /at least two answers/],
  ])('refuses %o', (options, message) => {
    expect(() => deciderContract(options as never)).toThrow(message);
  });
});
