import { parseHTML } from 'linkedom';
import { parse } from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { scorecard, wilsonInterval } from '../../src/experiment/experiment.ts';
import { csvReport, htmlReport, markdownReport, type ReportContent } from '../../src/report/report.ts';
import { hostileReport } from './hostile-report.ts';

let content: ReportContent;
beforeAll(async () => {
  content = await hostileReport();
});

describe('htmlReport', () => {
  it('has every condition, comparison, chart and differing question', () => {
    const { document } = parseHTML(htmlReport(content));
    const headings = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);
    expect(headings).toStrictEqual([
      'Conditions',
      'Comparisons',
      'Models',
      'Charts',
      'Categories',
      'Where the conditions differ',
    ]);
    const [conditions, compared] = [...document.querySelectorAll('tbody')];
    expect(conditions?.querySelectorAll('tr')).toHaveLength(3);
    expect(compared?.querySelectorAll('tr')).toHaveLength(3);
    const charts = [...document.querySelectorAll('.charts h3')].map(({ textContent }) => textContent);
    expect(charts.slice(0, 5)).toStrictEqual([
      'Accuracy and cost',
      'Accuracy and latency',
      'Latency',
      'Risk and coverage',
      'Calibration',
    ]);
    expect(charts.slice(5)).toHaveLength(2);
    expect(document.querySelectorAll('section > details')).toHaveLength(
      content.scorecard.differing.examples.length,
    );
    expect(content.scorecard.differing.examples.length).toBeGreaterThan(5);
  });

  it('says the interval and the count of each measured point of each chart', () => {
    const { document } = parseHTML(htmlReport(content));
    const figures = [...document.querySelectorAll('figure')];
    for (const figure of figures) {
      const name = figure.querySelector('h3')?.textContent ?? '';
      const titles = [...figure.querySelectorAll('circle > title, rect > title')].map(
        ({ textContent }) => textContent,
      );
      expect(titles.length, name).toBeGreaterThan(2);
      for (const title of titles)
        expect(title, name).toMatch(/: \d+\.\d % \(\d+\.\d % to \d+\.\d %\) \(n\s=\s[\d,]+\)$/);
    }
    const [first] = content.scorecard.conditions;
    const { low, high } = wilsonInterval(first?.right ?? 0, first?.labelled ?? 0);
    expect(figures[0]?.querySelector('circle > title')?.textContent).toContain(
      `(${(100 * low).toFixed(1)} % to ${(100 * high).toFixed(1)} %) (n\u00a0=\u00a0${first?.labelled})`,
    );
    expect(figures[0]?.querySelector('.legend')?.textContent).toContain(`(n\u00a0=\u00a0${first?.labelled})`);
  });

  it('gives points that cover each other one label with all their numbers', () => {
    const [first, second, third] = content.scorecard.conditions;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three conditions');
    const conditions = [
      first,
      third,
      { ...first, condition: 'same' },
      { ...third, condition: 'like the second' },
    ];
    const { document } = parseHTML(
      htmlReport({ ...content, scorecard: { ...content.scorecard, conditions } }),
    );
    const labels = [...document.querySelectorAll('figure')].slice(0, 2).map((figure) =>
      [...figure.querySelectorAll('text')]
        .map(({ textContent }) => textContent?.replaceAll(' →', ''))
        .filter((label) => label?.includes(', ') && /^\d/.test(label))
        .sort(),
    );
    expect(labels).toStrictEqual([
      ['1, 3', '2, 4'],
      ['1, 3', '2, 4'],
    ]);
  });

  it('shows hostile texts without effect', () => {
    const html = htmlReport(content);
    const { document } = parseHTML(html);
    expect(document.querySelectorAll('script, img, iframe, object, link, form, a')).toHaveLength(0);
    expect(document.querySelectorAll('style')).not.toHaveLength(0);
    const attributes = [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]);
    expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'href')).toStrictEqual([]);
    expect(document.querySelector('h1')?.textContent).toBe('Report <script>window.ran = true</script>');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the report must not contain them
    expect(html).not.toMatch(/[\u202e\u0000\u2028]/);
  });

  it('leaves out parts without data', async () => {
    const empty = await scorecard([]);
    const { document } = parseHTML(htmlReport({ title: 'Nothing', scorecard: empty }));
    expect(document.querySelectorAll('svg, table, details')).toHaveLength(0);
  });

  it('draws the same page from a scorecard that was stored as JSON', () => {
    const read = { ...content, scorecard: JSON.parse(JSON.stringify(content.scorecard)) };
    expect(htmlReport(read)).toBe(htmlReport(content));
  });
});

describe('markdownReport', () => {
  it('has a row for each condition and comparison, and no foreign markup', () => {
    const report = markdownReport(content);
    expect(report.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(2 * (2 + 3) + 2 + 5);
    expect(report).not.toMatch(/(?<!\\)<script/);
    expect(report.startsWith('# Report \\<script\\>')).toBe(true);
  });
});

describe('a report as a document', () => {
  const documents = (about: ReportContent) => [htmlReport(about), markdownReport(about)];

  it('states what was compared, as text', () => {
    const about = { models: 'small; large (simulated)', dataset: '<b>sums</b>.jsonl, SHA-256 0123…' };
    for (const report of documents({ ...content, about })) {
      expect(report).toContain('About this experiment');
      expect(report).toContain('small; large (simulated)');
      expect(report).not.toMatch(/(?<!\\)<b>/);
    }
    for (const report of documents(content)) expect(report).not.toContain('About this experiment');
  });

  it('has the accuracy of each model with its interval and its counts', () => {
    const { document } = parseHTML(htmlReport(content));
    const table = [...document.querySelectorAll('section')].find(
      (section) => section.querySelector('h2')?.textContent === 'Models',
    );
    const models = new Set(
      content.scorecard.conditions.flatMap((score) =>
        score.models.filter(({ votes }) => votes > 0).map(({ model }) => model),
      ),
    );
    expect(table?.querySelectorAll('tbody tr')).toHaveLength(models.size);
    expect(table?.querySelector('tbody small')?.textContent).toMatch(/^\d+\.\d\s% to \d+\.\d\s%$/);
  });
});

describe('csvReport', () => {
  it('has unrounded numbers, read back by another reader', () => {
    const { data } = parse<Record<string, string>>(csvReport(content), {
      header: true,
      skipEmptyLines: true,
    });
    expect(data.map(({ right, accuracy_low }) => [right, accuracy_low])).toStrictEqual(
      content.scorecard.conditions.map(({ right, accuracy }) => [`${right}`, `${accuracy?.low}`]),
    );
  });

  it('has no cell that a spreadsheet reads as a formula', async () => {
    const { conditions } = content.scorecard;
    const scored = { ...content.scorecard, conditions: [{ ...conditions[0], condition: '=cmd()' }] };
    expect(csvReport({ scorecard: scored as ReportContent['scorecard'] })).toContain("\r\n'=cmd()");
  });
});

describe('a report without a scorecard', () => {
  it.each([
    ['htmlReport', htmlReport],
    ['markdownReport', markdownReport],
    ['csvReport', csvReport],
  ])('is refused by %s', (name, write) => {
    const { scorecard } = content;
    for (const wrong of [
      undefined,
      {},
      { scorecard: Promise.resolve(scorecard) },
      { scorecard: { ...scorecard, version: 3 } },
    ]) {
      const broken = (): string => write(wrong as never);
      expect(broken).toThrow(ConfigError);
      expect(broken).toThrow(`${name}: option "scorecard" must be a scorecard`);
    }
  });
});

describe('a report of a scorecard that release 0.1.0 wrote', () => {
  it.each([
    ['htmlReport', htmlReport],
    ['markdownReport', markdownReport],
    ['csvReport', csvReport],
  ])('is that of the same scorecard today: %s', (_, write) => {
    const earlier = JSON.stringify({ ...content.scorecard, version: 1 }, (_name, value) => {
      if (value?.successes === undefined || value.cancelled === undefined) return value;
      const { successes, abstentions, failures, ...others } = value;
      return { ...others, answered: successes, abstained: abstentions, failed: failures };
    });
    expect(earlier).toContain('"abstained":');
    const today = JSON.stringify(content.scorecard);
    expect(write({ ...content, scorecard: JSON.parse(earlier) })).toBe(
      write({ ...content, scorecard: JSON.parse(today) }),
    );
  });
});
