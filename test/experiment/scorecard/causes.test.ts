import { describe, expect, it } from 'vitest';
import {
  type ExperimentOptions,
  memoryJournal,
  rescore,
  runExperiment,
  scorecard,
  scorecardTable,
} from '../../../src/experiment/experiment.ts';
import { causeLines } from '../../../src/experiment/scorecard/cause-lines.ts';
import { abstain, defineModel, ModelError, simulated } from '../../../src/index.ts';
import { csvReport, htmlReport, markdownReport } from '../../../src/report/report.ts';

const dataset = Array.from({ length: 12 }, (_, n) => ({
  id: `q${n}`,
  question: `What is ${n} + 1?`,
  expected: n + 1,
}));

const right = simulated({ id: 'right', accuracy: 1, costUsd: 0.001 });
const down = defineModel('down', () => {
  throw new ModelError('down', 'the machine is off: sk-abcdefghijklmnopqrstuvwx0123', { status: 503 });
});
const prose = defineModel('prose', () => 'I would rather not say.');

const cardOf = (conditions: ExperimentOptions['conditions'], others: Partial<ExperimentOptions> = {}) =>
  scorecard(runExperiment({ dataset, conditions, ...others }));

describe('a condition in which nothing was answered', () => {
  const conditions = {
    right: { models: [right], normalization: 'numeric' as const },
    down: { models: [down], normalization: 'numeric' as const },
    prose: { models: [prose], normalization: 'numeric' as const },
  };

  it('has no accuracy, and is left out of comparisons, differences and the Pareto front', async () => {
    const card = await cardOf(conditions);
    const [first, ...others] = card.conditions;
    expect(first?.accuracy?.value).toBe(1);
    for (const other of others) {
      expect(other).toMatchObject({ predicted: 0, questions: 12 });
      expect([other.accuracy, other.meanScore, other.precision]).toStrictEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(card.comparisons).toStrictEqual([]);
    expect(card.differing).toStrictEqual({ count: 0, examples: [] });
    expect(card.pareto.costAccuracy).toStrictEqual(['right']);
  });

  it('still compares the others, and keeps a question on which these differ', async () => {
    const wrong = simulated({ id: 'wrong', accuracy: 0 });
    const card = await cardOf({ ...conditions, wrong: { models: [wrong], normalization: 'numeric' } });
    expect(card.comparisons.map(({ first, second }) => [first, second])).toStrictEqual([['right', 'wrong']]);
    expect(card.differing.count).toBe(12);
    expect(card.differing.examples).toHaveLength(12);
  });

  it('counts a question without a prediction as different if its condition answers others', async () => {
    const shaky = defineModel('shaky', (question) => {
      if (question.includes('3')) return 'I do not know.';
      return `${Number(/\d+/.exec(question)?.[0]) + 1}`;
    });
    const card = await cardOf({ ...conditions, shaky: { models: [shaky], normalization: 'numeric' } });
    expect(card.differing.count).toBe(1);
    expect(card.differing.examples.map(({ id }) => id)).toStrictEqual(['q3']);
  });

  it('says so in every format, with each cause, its count and an example', async () => {
    const card = await cardOf(conditions);
    const lines = [
      'down, prose: no accuracy, and left out of comparisons: none of its 12 questions was answered',
      'down: all 12 calls of down failed with ModelError, for example at q0: the machine is off:***',
      'prose: all 12 calls of prose gave no answer, for example at q0: a number was not found',
      'prose: 12 questions without a prediction (InsufficientResponsesError), for example at q0: 0 of at least 1 votes were cast (prose abstained: a number was not found)',
    ];
    expect(causeLines(card.conditions)).toStrictEqual(lines);
    const markdown = markdownReport({ title: 'r', scorecard: card });
    const page = htmlReport({ title: 'r', scorecard: card });
    const table = scorecardTable(card);
    expect(table).toMatch(/\| down +\| +12 \| +12 \| +– \|/);
    for (const line of lines) {
      expect(table.replaceAll('\\', '')).toContain(`- ${line}`);
      expect(page).toContain(`<li>${line}</li>`);
      expect(markdown.replaceAll('\\', '')).toContain(`- ${line}`);
    }
    expect(markdown).toMatch(/\| 2\. down +\| +– \|/);
    const [heads = '', , row = ''] = csvReport({ scorecard: card }).split('\r\n');
    const cells = Object.fromEntries(heads.split(',').map((head, index) => [head, row.split(',')[index]]));
    expect(cells).toMatchObject({ accuracy: '', why_no_accuracy: 'none of its 12 questions was answered' });
    expect(JSON.parse(JSON.stringify(card)).conditions[1].accuracy).toBeUndefined();
    expect(JSON.stringify(card.conditions)).not.toContain('sk-abc');
  });
});

describe('causes', () => {
  it('name a model that was never recorded, and one of which calls are missing', async () => {
    const journal = memoryJournal();
    const models = ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 1 }));
    const normalization = 'numeric' as const;
    await cardOf({ a: { models: models.slice(0, 1), normalization } }, { journal });
    await cardOf(
      { b: { models: models.slice(1, 2), normalization } },
      { journal, dataset: dataset.slice(0, 5) },
    );
    const conditions = Object.fromEntries(
      models.map((model) => [model.id, { models: [model], normalization }]),
    );
    const card = await scorecard(rescore({ dataset, conditions, journal }));
    const lines = causeLines(card.conditions);
    expect(lines).toContainEqual(
      'c: no accuracy, and left out of comparisons: the record of all 12 questions is incomplete',
    );
    expect(lines).toContainEqual('c: no call of c is recorded, of 12 that are needed, for example at q0');
    expect(lines).toContainEqual('b: 7 of 12 calls of b are not recorded, for example at q5');
    expect(lines).toContainEqual(
      'b: 7 of 12 questions are left out of all figures, because calls are not recorded',
    );
    expect(lines).toContainEqual(
      'b: not compared with other conditions: calls failed or are missing for 7 of 12 questions, more than 5 %',
    );
    // Five of five were right: what is missing is no wrong answer.
    expect(card.conditions[1]).toMatchObject({ labelled: 5, right: 5, accuracy: { value: 1 } });
  });

  it('are the same if reasons differ in a number only, and are limited', async () => {
    const numbered = (text: string) => abstain(`item ${text.length} of ${text} is odd`);
    const model = defineModel('m', (question) => 'x'.repeat(question.length));
    const words = defineModel(
      'words',
      (question) => `word${'abcdefghijklmnopqrstuvwxyz'[Number(/\d+/.exec(question)?.[0])]}`,
    );
    const card = await cardOf({
      same: { models: [model], normalization: () => abstain('reason 12') },
      many: { models: [words], normalization: numbered },
    });
    expect(card.conditions[0]?.causes?.filter(({ kind }) => kind === 'abstained')).toHaveLength(1);
    const many = card.conditions[1]?.causes?.filter(({ kind }) => kind === 'abstained') ?? [];
    expect(many).toHaveLength(10);
    expect(many.reduce((sum, { count }) => sum + count, 0)).toBe(12);
  });

  it('are cut, escaped and free of keys', async () => {
    const model = defineModel('<b>', () => {
      throw new ModelError('<b>', `${'x'.repeat(500)} <script>`, {});
    });
    const card = await cardOf({ '<i>': { models: [model] } });
    const reason = card.conditions[0]?.causes?.[0]?.reason ?? '';
    expect(reason.length).toBeLessThanOrEqual(300);
    const page = htmlReport({ title: 'r', scorecard: card });
    expect(page).not.toContain('<script>');
    const odd = defineModel('odd\u202e', () => {
      throw new ModelError('odd\u202e', 'line one\n\n# a heading\n| a | table |');
    });
    const other = await cardOf({ 'a|b': { models: [odd] } });
    const markdown = markdownReport({ title: 'r', scorecard: other });
    expect(markdown).not.toMatch(/^# a heading/m);
    expect(markdown + htmlReport({ title: 'r', scorecard: other })).not.toContain('\u202e');
    expect(page).not.toContain('<b>');
    expect(page).not.toContain('<i>');
  });

  it('leave a scorecard of an earlier release readable', async () => {
    const card = await cardOf({ right: { models: [right], normalization: 'numeric' } });
    const conditions = card.conditions.map(({ causes: _, ...score }) => score);
    expect(htmlReport({ title: 'r', scorecard: { ...card, conditions } })).toContain('1. right');
    // It had an accuracy of 0 for a condition that answered nothing.
    const accuracy = { value: 0, low: 0, high: 0.24 };
    const silent = conditions.map((score) => ({ ...score, predicted: 0, right: 0, accuracy }));
    const old = { ...card, conditions: silent };
    expect(markdownReport({ title: 'r', scorecard: old })).toMatch(/\| 1\. right +\| +– \|/);
    expect(scorecardTable(old)).toMatch(/\| right +\| +12 \| +– \|/);
    expect(csvReport({ scorecard: old })).toMatch(/^right,12,0,12,0,,,,/m);
  });
});

describe('a normalization that does not fit', () => {
  const prosaic = (id: string, prefix: string) =>
    defineModel(id, (question) => `${prefix} it must be ${Number(/\d+/.exec(question)?.[0]) + 1} then`);
  const models = ['Well,', 'I think', 'Surely,'].map((prefix, n) => prosaic(`m${n}`, prefix));
  const normalization = (text: string) => text;
  const signsOf = async (
    conditions: ExperimentOptions['conditions'],
    others: Partial<ExperimentOptions> = {},
  ) =>
    causeLines((await cardOf(conditions, others)).conditions).filter((line) => line.includes('may not fit'));

  it('is told if no two answers to a question are equal', async () => {
    expect(await signsOf({ three: { models, normalization } })).toStrictEqual([
      'three: "normalization" may not fit 12 questions, for example at q0: no two answers to a question are equal',
    ]);
  });

  it('is told if no answer is right although the texts contain the right one', async () => {
    expect(await signsOf({ one: { models: models.slice(0, 1), normalization } })).toStrictEqual([
      'one: "normalization" may not fit 12 questions, for example at q0: no answer is right, but these texts contain the right one',
    ]);
  });

  it.each([
    ['the answers are right', { models: models.slice(0, 1), normalization: 'numeric' as const }],
    [
      'the answers are wrong',
      { models: [simulated({ id: 'wrong', accuracy: 0 })], normalization: 'numeric' as const },
    ],
  ])('is not told if %s', async (_, condition) => {
    expect(await signsOf({ a: condition })).toStrictEqual([]);
  });

  it('is not told if answers agree, and the right ones are not in their texts', async () => {
    const twin = prosaic('m4', 'Well,');
    const others = { dataset: dataset.map((question) => ({ ...question, expected: 'none' })) };
    expect(await signsOf({ a: { models: [...models, twin], normalization } }, others)).toStrictEqual([]);
  });

  it('is not told of two questions', async () => {
    expect(
      await signsOf({ three: { models, normalization } }, { dataset: dataset.slice(0, 2) }),
    ).toStrictEqual([]);
  });
});
