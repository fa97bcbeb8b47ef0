import { from, lastValueFrom } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Group } from '../../src/domain/grouping.ts';
import { byContent } from '../../src/grouping/by-content.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { grouped, stateAfter } from './grouped.ts';

const question = 'Who painted the ceiling of the Orlin chapel?';

const panelOf = (answers: readonly string[]) =>
  answers.map((text, index) => defineModel(`model-${index}`, () => text));

/** Answers that name one of three painters, each in other words. */
const manyAnswers = (count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, index) => `${['Marco Velli', 'Piero Danti', 'Luca Sorano'][index % 3]}, says ${nameOf(100 + index)}`,
  );

const nameOf = (index: number): string =>
  Array.from(String(index), (digit) => 'bcdfghklmn'.charAt(Number(digit))).join('o');

const answersIn = (groups: readonly Group[]): unknown[][] =>
  groups.map((group) => group.map(({ answer }) => answer));

describe('byContent', () => {
  it('answers with the first of the largest group, as its model wrote it', async () => {
    const answers = ['Piero Danti', ' It was **Marco Velli**, in 1502. ', 'Velli painted it.'];
    const { answer, metadata } = await createEnsemble({
      models: panelOf(answers),
      grouping: byContent(),
    }).predict(question);
    expect(answer).toBe('It was **Marco Velli**, in 1502.');
    expect(metadata).toMatchObject({ grouping: 'byContent', consensus: 2 / 3 });
  });

  it('takes a refusal as no answer, and says why', async () => {
    const answers = ["I'm sorry, but I couldn't find any information about it.", 'Velli', 'Marco Velli'];
    const { metadata, outcomes } = await createEnsemble({
      models: panelOf(answers),
      grouping: byContent(),
    }).predict(question);
    expect(metadata.consensus).toBe(1);
    expect(outcomes[0]).toMatchObject({ status: 'abstained', reason: 'it says that it cannot answer' });
  });

  it('makes one group of refusals that count', () => {
    const answers = ["I don't know.", 'I cannot find it. Sorry!', 'Marco Velli'];
    expect(grouped(byContent(), question, answers)).toEqual([answers.slice(0, 2), answers.slice(2)]);
  });

  it('keeps answers apart that have nothing in common but the question', () => {
    const answers = ['the ceiling of the chapel', 'Velli', '', '???', '🎨'];
    expect(grouped(byContent(), question, answers)).toHaveLength(answers.length);
  });

  it('groups answers that are no texts by their keys', () => {
    expect(grouped(byContent(), '', [4, { a: 1 }, 4])).toEqual([[4, 4], [{ a: 1 }]]);
  });

  it('does not join two answers through a longer one', () => {
    const answers = ['Velli', 'Danti', 'Velli and Danti'];
    expect(grouped(byContent(), question, answers)).toHaveLength(2);
  });

  it('never joins answers that exclude each other to one that says less', () => {
    const answers = ['1945', 'September 2, 1945', 'On 2 September 1945, in Tokyo Bay', 'May 8, 1945'];
    expect(grouped(byContent(), 'When did World War II end?', answers)).toEqual([
      [answers[0], answers[3]],
      [answers[1], answers[2]],
    ]);
  });

  it('joins answers with the same words beyond 100 contents, and all others after the last call', async () => {
    const answers = [...manyAnswers(120), 'Marco Velli'];
    const state = stateAfter(byContent(), question, [...answers, answers[0]]);
    expect(byContent().groups(state)).toHaveLength(121);
    const refined = byContent().refine?.(state, { question, call: () => from([]) } as never) ?? [];
    expect(
      answersIn(await lastValueFrom(from(refined)))
        .map(({ length }) => length)
        .sort(),
    ).toEqual([40, 40, 42]);
  });

  it('refines no groups that are exact already', () => {
    const answers = ['Velli', 'Marco Velli', 'Danti', 'It was Danti, I think.'];
    const state = stateAfter(byContent(), question, answers);
    const emitted: unknown[][][] = [];
    new TestScheduler(() => undefined).run(({ flush }) => {
      from(byContent().refine?.(state, { question } as never) ?? []).subscribe((groups) =>
        emitted.push(answersIn(groups)),
      );
      flush();
    });
    expect(emitted).toEqual([]);
  });

  it('stops to refine when it is unsubscribed', () => {
    const state = stateAfter(byContent(), question, manyAnswers(400));
    let nowMs = 0;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    vi.spyOn(performance, 'now').mockImplementation(() => {
      nowMs += 10;
      return nowMs;
    });
    onTestFinished(() => {
      vi.restoreAllMocks();
      vi.useRealTimers();
    });
    const refined = from(byContent().refine?.(state, { question } as never) ?? []);
    let emissions = 0;
    const count = (): void => {
      emissions += 1;
    };
    refined.subscribe(count).unsubscribe();
    vi.runAllTimers();
    expect(emissions).toBe(0);
    refined.subscribe(count);
    vi.runAllTimers();
    expect(emissions).toBe(1);
  });

  it('pauses while it groups many answers', async () => {
    const { contentGroups } = await import('../../src/grouping/content/content-groups.ts');
    const { contents } = stateAfter(byContent(), question, manyAnswers(1000)) as {
      contents: Parameters<typeof contentGroups>[0];
    };
    const slices = contentGroups(contents);
    let pauses = 0;
    let slice = slices.next();
    for (; slice.done !== true; slice = slices.next()) pauses += 1;
    expect(pauses).toBeGreaterThan(4);
    expect(slice.value).toHaveLength(3);
  });
});
