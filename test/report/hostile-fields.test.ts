import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { runExperiment, type Scorecard, scorecard } from '../../src/experiment/experiment.ts';
import { defineModel } from '../../src/index.ts';
import { htmlReport, type ReportContent } from '../../src/report/report.ts';
import { hostileTexts } from '../hostile-texts.ts';

const HOSTILE = hostileTexts.join(' ');
const fields = [
  'title',
  'basis',
  'name of a fact',
  'fact',
  'id',
  'question',
  'category',
  'expected',
  'condition',
  'model',
  'response',
  'error',
  'abstention',
  'stopped',
  'review',
  'juror',
  'reason of a juror',
  'fault of a juror',
] as const;
type Field = (typeof fields)[number];

/** A report with a text in one field, and harmless ones in the others. */
const reportWith = async (field: Field | undefined, text: string): Promise<ReportContent> => {
  const at = (name: Field, harmless: string): string => (name === field ? `${harmless} ${text}` : harmless);
  const dataset = [0, 1, 2, 3]
    .map((n) => ({
      id: at('id', `q${n}`),
      question: at('question', `Is ${n} even?`),
      expected: at('expected', n % 2 === 0 ? 'yes' : 'no'),
      category: at('category', 'parity'),
    }))
    .map((question, n) => ({ ...question, id: `${question.id} ${n}` }));
  const model = (id: string, answer: (question: string) => string) =>
    defineModel(at('model', id), (question) => ({ text: at('response', answer(question)), costUsd: 0.01 }));
  // The first word counts, so that answers stay right beside a text.
  const normalization = (text: string): string => text.split(' ')[0] ?? '';
  const right = (question: string): string => (/[02] even/.test(question) ? 'yes' : 'no');
  const conditions = {
    [at('condition', 'right')]: { models: [model('right', right), model('other', right)], normalization },
    [at('condition', 'no')]: { models: [model('no', () => 'no')], normalization },
    [at('condition', 'yes')]: {
      models: [
        model('yes', () => 'yes'),
        defineModel(at('model', 'broken'), () => {
          throw new Error(at('error', 'it is broken'));
        }),
        model('silent', () => 'out'),
      ],
      normalization,
      check: (answer: unknown) =>
        String(answer).startsWith('out') ? at('abstention', 'it says nothing') : true,
    },
  };
  const results = await scorecard(runExperiment({ dataset, conditions }), { normalization });
  return {
    title: at('title', 'Even'),
    basis: at('basis', 'Made up.'),
    about: { [at('name of a fact', 'Dataset')]: at('fact', 'four questions') },
    scorecard: {
      ...results,
      stopped: at('stopped', 'Stopped by hand'),
      reviews: {
        count: 1,
        examples: [
          {
            id: 'q1',
            condition: 'right',
            question: 'Is 1 even?',
            answer: 'no',
            grade: 'good',
            review: at('review', 'the jurors differ'),
            jurors: [
              { juror: at('juror', 'one'), grade: 'good', reason: at('reason of a juror', 'it is so') },
              { juror: 'two', fault: at('fault of a juror', 'no grade in it') },
            ],
          },
        ],
      },
    } as unknown as Scorecard,
  };
};

/** The elements of a page, each with the names of its attributes. */
const elementsOf = (page: string): readonly string[] => {
  const { document } = parseHTML(page);
  const all = [...document.querySelectorAll('*')].map(
    ({ localName, attributes }) => `${localName} ${[...attributes].map(({ name }) => name).sort()}`,
  );
  return [...new Set(all)].sort();
};

it.each(fields)('a hostile %s is text in a report', async (field) => {
  const hostile = htmlReport(await reportWith(field, HOSTILE));
  const harmless = htmlReport(await reportWith(field, 'plain words that mean no harm'.repeat(8)));
  expect(elementsOf(hostile)).toEqual(elementsOf(harmless));
  expect(['\u202e', '\u0000', '\u2028'].filter((character) => hostile.includes(character))).toEqual([]);
  expect(parseHTML(hostile).document.body.textContent).toContain('<script>window');
});
