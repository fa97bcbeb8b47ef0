import { describe, expect, test } from 'vitest';
import {
  grade,
  gradeAll,
  type Journal,
  type JuryItem,
  journaled,
  jury,
  memoryJournal,
  rescore,
  runExperiment,
  type Trial,
} from '../../../src/experiment/experiment.ts';
import { defineModel, type Model } from '../../../src/index.ts';
import { broken, juror, saying } from '../../deciders/jurors.ts';

const scale = { from: 1, to: 5 } as const;

/** Grades an answer by the digit in it. */
const byDigit = (text: string): number => Number(/\d/.exec(text)?.[0]);

const item: JuryItem = { id: '1', question: 'Why?', answer: 'grade 4' };

describe('grade', () => {
  test('resolves with the verdict, the reasons, and what the calls cost', async () => {
    const members = [juror('a', byDigit), juror('b', byDigit), broken('c')];
    const verdict = await grade(jury({ members, scale }), item);
    expect(verdict).toMatchObject({
      item,
      grade: 4,
      score: 0.75,
      jurors: [
        { reason: 'a says so' },
        { reason: 'b says so' },
        { fault: expect.stringMatching(/^it failed/) },
      ],
    });
    expect(verdict.outcomes.map(({ model, role, status }) => [model, role, status])).toEqual([
      ['a', 'judge', 'answered'],
      ['b', 'judge', 'answered'],
      ['c', 'judge', 'failed'],
    ]);
    expect([verdict.costUsd, verdict.costSource]).toEqual([2, 'partial']);
  });

  test('asks for yes or no without a scale, and compares with the right answer if it is known', async () => {
    const prompts: string[] = [];
    const yes = juror('a', () => 'yes', {}, prompts);
    expect(await grade(jury({ members: [yes] }), { ...item, expected: 'because' })).toMatchObject({
      grade: 'yes',
      score: 1,
    });
    expect(prompts[0]).toContain('\nbecause\n');
  });

  test('compares two answers in both orders, at two calls a juror', async () => {
    const members = [juror('a', byDigit), juror('b', byDigit)];
    const { grade: better, outcomes } = await grade(jury({ members, scale: 'pairwise' }), {
      id: '1',
      question: 'Why?',
      answers: ['grade 2', 'grade 3'],
    });
    expect(better).toBe('second');
    expect(outcomes).toHaveLength(4);
  });

  test('takes an ensemble as a juror, whose members vote on the grade', async () => {
    const { createEnsemble } = await import('../../../src/index.ts');
    const panel = (...grades: number[]): Model =>
      createEnsemble({ models: grades.map((own, index) => juror(`m${index}`, () => own)) }).asModel('panel');
    expect((await grade(jury({ members: [panel(4, 4, 2)], scale }), item)).grade).toBe(4);
    expect(await grade(jury({ members: [panel(4, 2)], scale }), item)).toMatchObject({
      grade: undefined,
      fault: expect.stringContaining('panel has no majority'),
    });
  });

  test('is cancelled by its signal', async () => {
    const controller = new AbortController();
    const silent = defineModel('silent', () => new Promise<string>(() => undefined));
    const grading = grade(jury({ members: [silent], scale }), item, { signal: controller.signal });
    controller.abort();
    await expect(grading).rejects.toMatchObject({ name: 'CancelledError' });
  });

  test.each([
    ['a function', [() => 1, item], /expected a jury/],
    [
      'an item without an id',
      [jury({ members: [saying('a', '')] }), { question: 'Why?', answer: '4' }],
      /"id"/,
    ],
    [
      'a pair for a scale of single answers',
      [jury({ members: [saying('a', '')] }), { ...item, answers: ['a', 'b'] }],
      /"answers" must be absent/,
    ],
    ['one answer for pairs', [jury({ members: [saying('a', '')], scale: 'pairwise' }), item], /"answers"/],
    [
      'an unknown option',
      [jury({ members: [saying('a', '')] }), item, { concurrency: 3 }],
      /no option "concurrency"/,
    ],
  ])('refuses %s', (_case, given, message) => {
    expect(() => grade(...(given as Parameters<typeof grade>))).toThrow(message);
  });
});

describe('gradeAll', () => {
  const items = Array.from({ length: 20 }, (_, n) => ({
    ...item,
    id: `${n}`,
    answer: `grade ${1 + (n % 5)}`,
  }));

  test('yields verdicts in the order of the items, with at most so many in progress', async () => {
    let [inFlight, most] = [0, 0];
    const slow = defineModel('slow', async (prompt) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      for (let turn = 0; turn < 5 + (prompt.length % 7); turn += 1) await Promise.resolve();
      inFlight -= 1;
      return JSON.stringify({ grade: byDigit(/<answer-A-\w+>\n(.*)/.exec(prompt)?.[1] ?? '') });
    });
    const verdicts = await Array.fromAsync(
      gradeAll(jury({ members: [slow], scale }), items, { concurrency: 3 }),
    );
    expect(verdicts.map((each) => each.grade)).toEqual(items.map(({ answer }) => byDigit(answer)));
    expect(most).toBe(3);
  });

  test('buys nothing twice: jurors that are journaled answer from their journal', async () => {
    let calls = 0;
    const members = (journal: Journal): Model[] =>
      ['a', 'b'].map((id) =>
        journaled({ journal })(
          defineModel(id, (prompt) => {
            calls += 1;
            return {
              text: JSON.stringify({ grade: byDigit(/<answer-A-\w+>\n(.*)/.exec(prompt)?.[1] ?? '') }),
              costUsd: 0.01,
            };
          }),
        ),
      );
    const journal = memoryJournal();
    const panel = jury({ members: members(journal), scale });
    const begun = gradeAll(panel, items, { concurrency: 2 })[Symbol.asyncIterator]();
    for (let read = 0; read < 5; read += 1) await begun.next();
    await begun.return?.();
    const before = calls;
    expect(before).toBeLessThan(40);
    const distinct = new Set(items.map(({ answer }) => answer)).size;
    const again = await Array.fromAsync(gradeAll(panel, items));
    expect(calls).toBe(distinct * 2);
    expect(again.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0)).toBeLessThan(distinct * 0.02);
    const recalled = await Array.fromAsync(gradeAll(panel, items, { onMiss: 'error' }));
    expect(recalled.map((each) => each.grade)).toEqual(again.map((each) => each.grade));
    expect(calls).toBe(distinct * 2);
    const missing = await grade(panel, { ...item, answer: 'grade 3, another' }, { onMiss: 'error' });
    expect(missing.grade).toBeUndefined();
    expect(calls).toBe(distinct * 2);
  });

  test('refuses an item in its place', async () => {
    const iterator = gradeAll(jury({ members: [juror('a', byDigit)], scale }), [item, { id: '2' } as never])[
      Symbol.asyncIterator
    ]();
    expect((await iterator.next()).value?.grade).toBe(4);
    await expect(iterator.next()).rejects.toThrow(/gradeAll: item/);
  });
});

describe('a jury as the scorer of an experiment', () => {
  const dataset = ['What is 2 + 2?', 'Which is best?', 'What is 3 + 3?'].map((question, n) => ({
    id: `q${n}`,
    question,
    expected: '4',
  }));
  const conditions = { a: { models: [defineModel('a', () => 'grade 4')] } };
  const trialsBy = async (options: object): Promise<Trial[]> =>
    Array.fromAsync(runExperiment({ dataset, conditions, ...options } as never));

  test('scores by its scale, and keeps what each juror says', async () => {
    const members = [juror('a', byDigit), juror('b', byDigit), juror('severe', (text) => byDigit(text) - 3)];
    const [trial] = await trialsBy({ scorer: jury({ members, scale }) });
    expect(trial?.score).toBe(0.75);
    expect(trial?.graded).toMatchObject({ grade: 4, jurors: [{}, {}, { juror: 'severe', grade: 1 }] });
  });

  test('compares the answer with the expected one in pairs', async () => {
    const members = [juror('a', (text) => text.length), juror('b', (text) => text.length)];
    const [trial] = await trialsBy({ scorer: jury({ members, scale: 'pairwise' }) });
    expect([trial?.score, trial?.graded?.grade]).toEqual([1, 'first']);
  });

  // The situations 3 and 4 of outside cases.
  test.each([
    ['yes', 'unreadable', 'no'],
    ['no', 'unreadable', 'yes'],
  ])('has no verdict on %s, %s, %s', async (...said) => {
    const members = said.map((word, index) =>
      saying(`juror-${index}`, word === 'unreadable' ? 'Hm.' : JSON.stringify({ grade: word })),
    );
    const [trial] = await trialsBy({ scorer: jury({ members }) });
    expect(trial?.score).toBeUndefined();
    expect(trial?.unscored).toMatch(/no strict majority: 1 of 3 jurors stand behind one grade/);
    expect(trial?.graded?.support).toBeCloseTo(1 / 3, 9);
  });

  test('that cannot judge the second of three questions leaves it without a score, in each of three runs', async () => {
    const [journal, ofJury] = [memoryJournal(), memoryJournal()];
    let calls = 0;
    const members = ['a', 'b', 'c'].map((id) =>
      journaled({ journal: ofJury })(
        defineModel(id, (prompt) => {
          calls += 1;
          return prompt.includes('Which is best?') ? 'A matter of taste.' : '{"grade": "yes"}';
        }),
      ),
    );
    const scorer = jury({ members });
    for (const run of [1, 2, 3]) {
      const trials = await trialsBy({ scorer, journal });
      expect(trials.map(({ score }) => score)).toEqual([1, undefined, 1]);
      expect(trials[1]?.unscored).toMatch(/^the judge gave no verdict: .*no strict majority: 0 of 3/);
      expect(calls, `run ${run}`).toBe(9);
    }
    const again = await Array.fromAsync(
      rescore({ dataset, conditions, scorer, journal, onMiss: 'error' } as never),
    );
    expect(again.map(({ score }) => score)).toEqual([1, undefined, 1]);
    expect(calls).toBe(9);
  });

  test('counts its calls as those of a judge', async () => {
    const progress: number[] = [];
    await trialsBy({
      scorer: jury({ members: [juror('a', () => 'yes'), juror('b', () => 'yes')] }),
      onProgress: ({ judgeCalls }: { judgeCalls: number }) => progress.push(judgeCalls),
    });
    expect(progress.at(-1)).toBe(6);
  });

  test('scores questions without a right answer by its rubric', async () => {
    const unlabelled = [{ id: '1', question: 'Name a river.' }];
    const scorer = jury({ members: [juror('a', byDigit)], scale, rubric: 'One word.' });
    expect((await trialsBy({ dataset: unlabelled, scorer }))[0]?.score).toBe(0.75);
  });
});
