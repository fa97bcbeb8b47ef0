import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Graded,
  gradeAll,
  gradedIn,
  jury,
  juryReport,
  krippendorffAlpha,
  runExperiment,
} from '../../../src/experiment/experiment.ts';
import { defineModel, type Model } from '../../../src/index.ts';
import { broken, juror, saying } from '../../deciders/jurors.ts';

const scale = { from: 1, to: 9 } as const;
const byDigit = (text: string): number => Number(/\d/.exec(text)?.[0]);
const items = Array.from({ length: 40 }, (_, n) => ({
  id: `${n}`,
  question: 'How good?',
  answer: `grade ${4 + (n % 6)} of ${n}`,
}));

const gradedBy = (members: readonly Model[], more: object = {}): Promise<Graded[]> =>
  Array.fromAsync(gradeAll(jury({ members, scale, ...more }), items));

const pairs = items.map(({ id, question }, n) => ({
  id,
  question,
  answers: [`grade ${1 + (n % 5)}`, `grade ${1 + ((n + 2) % 5)}`] as const,
  competitors: ['old', 'new'] as const,
}));

describe('a report of a jury', () => {
  test('finds severity, and takes nobody else for lenient', async () => {
    const verdicts = await gradedBy([
      juror('a', byDigit),
      juror('b', byDigit),
      juror('severe', (text) => byDigit(text) - 3),
    ]);
    const report = juryReport(verdicts);
    expect(report.jurors.map(({ severity }) => severity?.value)).toEqual([0, 0, 3]);
    expect(report.findings).toEqual(['severe grades 3 lower than the median of all jurors (3 to 3)']);
    expect(report.consistency).toBeCloseTo(1, 9);
    expect(report.agreement).toBeLessThan(0.7);
    expect(report.level).toBe('interval');
    expect(report.alpha).toBeCloseTo(
      krippendorffAlpha(
        verdicts.map(({ jurors }) => jurors.map(({ grade }) => grade)),
        { level: 'interval' },
      ) ?? 0,
      12,
    );
    expect([report.items, report.verdicts, report.costUsd]).toEqual([40, 40, 120]);
  });

  // 0.2 is 5 % of this scale; means of these grades differ from it in their last digits only.
  test.each([0.1, 0.2, 0.3])(
    'has no finding of a severity at the limit, next to %d of others',
    async (base) => {
      const members = [0, 0, -0.2, 0.2].map((less, index) => juror(`${index}`, () => 2 + base - less));
      const report = juryReport(await gradedBy(members, { scale: { from: 1, to: 5 } }));
      expect(report.jurors.map(({ severity }) => severity?.value.toFixed(9))).toEqual([
        ...Array(2).fill('0.000000000'),
        '-0.200000000',
        '0.200000000',
      ]);
      expect(report.findings).toEqual([]);
    },
  );

  test('has a finding of a severity just above the limit', async () => {
    const members = [0, 0, 0.21].map((less, index) => juror(`${index}`, () => 3 - less));
    const report = juryReport(await gradedBy(members, { scale: { from: 1, to: 5 } }));
    expect(report.findings).toEqual(['2 grades 0.21 lower than the median of all jurors (0.21 to 0.21)']);
  });

  test('tells of labels with the id of no item', async () => {
    const verdicts = await gradedBy([juror('a', byDigit), juror('b', byDigit)]);
    const foundWith = (...ids: string[]) =>
      juryReport(verdicts, { labels: new Map(ids.map((id) => [id, 5])) }).findings;
    expect(foundWith('1', '2')).toEqual([]);
    expect(foundWith('1', '007')).toEqual(['1 of 2 labels has the id of no item, such as "007"']);
    expect(foundWith('01', '02')).toEqual(['2 of 2 labels have the id of no item, such as "01"']);
    expect(foundWith('x')).toEqual(['1 of 1 label has the id of no item, such as "x"']);
  });

  test('finds a juror without grades', async () => {
    const { jurors, findings } = juryReport(
      await gradedBy([juror('a', byDigit), juror('b', byDigit), broken('c')]),
    );
    expect(jurors.map(({ graded, missing }) => [graded, missing])).toEqual([
      [40, 0],
      [40, 0],
      [0, 40],
    ]);
    expect(findings).toEqual(['c has no readable grade for 40 of 40 items (100 %)']);
  });

  test('finds a preference for a place in pairs, and ranks by the verdicts', async () => {
    const members = [juror('a', byDigit), juror('b', byDigit), saying('first', '{"grade": "A"}')];
    const report = juryReport(await Array.fromAsync(gradeAll(jury({ members, scale: 'pairwise' }), pairs)));
    expect(report.jurors.map(({ positionBias }) => positionBias?.value)).toEqual([0, 0, 1]);
    expect(report.jurors[2]?.positionPValue).toBeLessThan(1e-9);
    expect(report.jurors[2]?.contradictions).toBe(40);
    expect(report.findings).toEqual([
      'first prefers the answer that stands first: it contradicted itself on 40 of 40 items (100 %)',
    ]);
    const [best, other] = report.ranking;
    // The new one is better in 24 of 40, by two points, and worse in 16.
    expect([best?.name, best?.wins, other?.wins]).toEqual(['new', 24, 16]);
    expect(best?.strength?.low).toBeLessThan(0);
  });

  test('does not take chance for a preference', async () => {
    let calls = 0;
    const random = defineModel('random', () => {
      calls += 1;
      return JSON.stringify({ grade: [...'ABBABAABBAABABBA'][calls % 16] });
    });
    const report = juryReport(
      await Array.fromAsync(
        gradeAll(jury({ members: [random], scale: 'pairwise' }), pairs, { concurrency: 1 }),
      ),
    );
    expect(report.findings.join()).not.toContain('prefers');
    expect(report.findings.join()).toContain('random contradicted itself on');
  });

  test('measures the verdicts and each juror against labels', async () => {
    const verdicts = await gradedBy([
      juror('a', byDigit),
      juror('b', byDigit),
      juror('severe', (text) => byDigit(text) - 3),
    ]);
    const labels = new Map(items.slice(0, 30).map(({ id, answer }) => [id, `${byDigit(answer) - 1}`]));
    const report = juryReport(verdicts, { labels });
    expect(report.againstLabels).toMatchObject({ items: 30, bias: { value: 1 } });
    expect(report.againstLabels?.agreement?.value).toBe(1);
    expect(report.jurors[2]?.againstLabels).toMatchObject({ items: 30, bias: { value: -2 } });
    expect(juryReport(verdicts).againstLabels).toBeUndefined();
  });

  test('reads labels of a person in any case, and refuses what is not on the scale', async () => {
    const members = [juror('a', () => 'good'), juror('b', () => 'good')];
    const labelled = await Array.fromAsync(
      gradeAll(jury({ members, scale: { labels: ['bad', 'good'] } }), items),
    );
    const of = (label: string | number) =>
      juryReport(labelled, { labels: new Map([['0', label]]) }).againstLabels?.agreement?.value;
    expect([of(' Good '), of('bad')]).toEqual([1, 0]);
    expect(() => of('fine')).toThrow(/the label of "0" must be one of "bad", "good"/);
    const numeric = await gradedBy([juror('a', byDigit)]);
    for (const wrong of ['', 'four', '12'])
      expect(() => juryReport(numeric, { labels: new Map([['0', wrong]]) })).toThrow(
        /must be a number from 1/,
      );
  });

  test('of labels has the severity in scores', async () => {
    const labels = ['bad', 'fair', 'good'];
    const of = (text: string): number => byDigit(text) % 2;
    const members = [
      juror('a', (text) => labels[1 + of(text)] as string),
      juror('b', (text) => labels[1 + of(text)] as string),
      juror('severe', (text) => labels[of(text)] as string),
    ];
    const report = juryReport(await Array.fromAsync(gradeAll(jury({ members, scale: { labels } }), items)));
    expect(report.level).toBe('ordinal');
    expect(report.jurors.map(({ severity }) => severity?.value)).toEqual([0, 0, 0.5]);
    expect(report.fleissKappa).toBeLessThan(0.2);
    expect(report.pairs.map(({ kappa }) => kappa)).toEqual([1, expect.any(Number), expect.any(Number)]);
  });

  test('depends neither on the order of items nor on that of jurors', async () => {
    const verdicts = await gradedBy([
      juror('a', byDigit),
      juror('b', (text) => Math.min(9, byDigit(text) + (text.length % 2))),
      broken('c'),
    ]);
    const bySeverity = (report: ReturnType<typeof juryReport>) =>
      Object.fromEntries(
        report.jurors.map(({ juror: name, severity }) => [name, severity?.value.toFixed(9)]),
      );
    fc.assert(
      fc.property(fc.shuffledSubarray([...verdicts.keys()], { minLength: 40 }), (order) => {
        const shuffled = order.map((index) => {
          const verdict = verdicts[index] as Graded;
          return { ...verdict, jurors: verdict.jurors.toReversed() };
        });
        const [one, other] = [juryReport(verdicts), juryReport(shuffled)];
        expect(other.alpha).toBeCloseTo(one.alpha as number, 9);
        expect(bySeverity(other)).toEqual(bySeverity(one));
      }),
      { numRuns: 10 },
    );
  });

  test('of nothing has no figures, and of a mixture is refused', async () => {
    expect(juryReport([])).toMatchObject({
      items: 0,
      alpha: undefined,
      jurors: [],
      ranking: [],
      findings: [],
    });
    const [one] = await gradedBy([juror('a', byDigit)]);
    const [other] = await gradedBy([juror('a', byDigit)], { scale: { from: 0, to: 9 } });
    expect(() => juryReport([one as Graded, other as Graded])).toThrow(/on different scales/);
    expect(() => juryReport([Promise.resolve(one)] as never)).toThrow(/await them first/);
  });

  test('of constant jurors has no alpha, and no finding', async () => {
    const report = juryReport(await gradedBy(['a', 'b'].map((id) => juror(id, () => 5))));
    expect(report).toMatchObject({ alpha: undefined, agreement: undefined, findings: [], verdicts: 40 });
  });

  test('takes the verdicts of an experiment, with the condition in the id', async () => {
    const trials = await Array.fromAsync(
      runExperiment({
        dataset: [{ id: 'q', question: 'Why?', expected: 'x' }],
        conditions: Object.fromEntries(
          ['one', 'two'].map((name) => [name, { models: [defineModel(name, () => 'grade 4')] }]),
        ),
        scorer: jury({ members: [juror('a', byDigit), juror('b', byDigit)], scale, review: () => true }),
      }),
    );
    expect([...gradedIn(trials)].map(({ item }) => item.id)).toEqual(['q (one)', 'q (two)']);
    expect(juryReport(gradedIn(trials))).toMatchObject({ items: 2, reviews: 2 });
  });
});
