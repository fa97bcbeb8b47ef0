import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';

const folder = new URL('../../../examples/opentelemetry/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** What an expression speaks of: each metric with the labels that it is selected by, and those grouped by. */
interface Spoken {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
  readonly groupings: readonly string[];
}

/** Reads an expression with Prometheus's own grammar. */
const spokenIn = (expression: string): Spoken[] => {
  // What Grafana fills in.
  const promql = expression.replaceAll('$__rate_interval', '1m');
  const text = (node: { from: number; to: number }) => promql.slice(node.from, node.to);
  const found: Spoken[] = [];
  const groupings = new Set<string>();
  parser.parse(promql).iterate({
    enter({ type, node }) {
      if (type.isError) throw new SyntaxError(`${promql} is no PromQL at ${node.from}`);
      if (type.name === 'LabelName' && node.parent?.name === 'GroupingLabels') groupings.add(text(node));
      if (type.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      const matchers = node
        .getChild('LabelMatchers')
        ?.getChildren('UnquotedLabelMatcher')
        .map((matcher) => {
          const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((part) => {
            const child = matcher.getChild(part);
            return child === null ? '' : text(child);
          });
          return { label: label ?? '', operator: operator ?? '', value: (value ?? '').slice(1, -1) };
        });
      found.push({ metric: name === null ? '' : text(name), matchers: matchers ?? [], groupings: [] });
    },
  });
  return found.map((spoken) => ({ ...spoken, groupings: [...groupings] }));
};

interface Series {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The series of a scrape. */
const seriesOf = (scrape: string): Series[] =>
  [...scrape.matchAll(/^(\w+)\{(.*)\} \S+$/gm)].map(([, metric = '', labels = '']) => ({
    metric,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value]) => [label, value]),
    ),
  }));

const matches = ({ labels }: Series, { matchers }: Spoken): boolean =>
  matchers.every(({ label, operator, value }) => {
    const actual = labels[label] ?? '';
    if (operator === '=') return actual === value;
    if (operator === '!=') return actual !== value;
    // A variable of the dashboard selects some of what there is.
    return operator === '=~' && value.startsWith('$') && actual !== '';
  });

const dashboard = JSON.parse(read('dashboard.json'));
const alerts = parse(read('alerts.yml'));

const panels: [string, string][] = dashboard.panels.flatMap(
  ({ title, targets }: { title: string; targets: { expr: string }[] }) =>
    targets.map(({ expr }): [string, string] => [`panel "${title}"`, expr]),
);
const rules: [string, string][] = alerts.groups.flatMap(
  ({ rules }: { rules: { alert: string; expr: string }[] }) =>
    rules.map(({ alert, expr }): [string, string] => [`alert ${alert}`, expr]),
);

let exported: Series[] = [];

beforeAll(async () => {
  // The example prints its scrape of /metrics, over a real socket; here it is heard before it is cut short.
  const scrapes: string[] = [];
  const asked = globalThis.fetch;
  vi.stubGlobal('fetch', async (...parameters: Parameters<typeof fetch>) => {
    const response = await asked(...parameters);
    scrapes.push(await response.clone().text());
    return response;
  });
  vi.spyOn(console, 'log').mockImplementation(() => {});
  await import('../../../examples/opentelemetry/main.ts');
  exported = seriesOf(scrapes.join('\n'));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the dashboard and the alert rules', () => {
  it('are there, and the example exports something to compare them with', () => {
    expect(panels.length).toBeGreaterThan(12);
    expect(rules.map(([name]) => name)).toEqual([
      'alert EnsembleLowConsensus',
      'alert EnsembleMemberFailing',
      'alert EnsembleFailing',
      'alert EnsembleCircuitOpen',
      'alert EnsembleSpend',
    ]);
    expect(exported.length).toBeGreaterThan(100);
  });

  it.each([...panels, ...rules])('%s asks for metrics and labels that are exported', (_, expression) => {
    const spoken = spokenIn(expression);
    expect(spoken.length).toBeGreaterThan(0);
    for (const one of spoken) {
      const ofMetric = exported.filter(({ metric }) => metric === one.metric);
      expect(ofMetric.map(({ metric }) => metric)).toContain(one.metric);
      const labels = new Set(ofMetric.flatMap((series) => Object.keys(series.labels)));
      for (const { label } of one.matchers) expect(labels).toContain(label);
      expect(ofMetric.filter((series) => matches(series, one))).not.toEqual([]);
    }
    const all = exported.filter(({ metric }) => spoken.some((one) => one.metric === metric));
    const known = new Set([...all.flatMap(({ labels }) => Object.keys(labels))]);
    for (const label of spoken.flatMap(({ groupings }) => groupings)) expect(known).toContain(label);
  });

  it('name only labels of their expressions in legends and annotations', () => {
    const used = (text: string) =>
      [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label);
    for (const { targets } of dashboard.panels) {
      for (const { expr, legendFormat } of targets) {
        for (const label of used(legendFormat)) expect(spokenIn(expr)[0]?.groupings).toContain(label);
      }
    }
    for (const { expr, annotations } of alerts.groups[0].rules) {
      for (const label of used(Object.values(annotations).join(' '))) {
        expect(spokenIn(expr)[0]?.groupings).toContain(label);
      }
    }
  });

  it('leave no metric out that is of the ensemble', () => {
    const shown = new Set(
      [...panels, ...rules]
        .flatMap(([, expression]) => spokenIn(expression))
        .map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, '')),
    );
    const told = new Set(exported.map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, '')));
    expect([...told].filter((metric) => /^(crucible|gen_ai)_/.test(metric) && !shown.has(metric))).toEqual(
      [],
    );
  });

  it('fills its variables from metrics that are exported', () => {
    const [, ensemble] = dashboard.templating.list;
    const [, metric, label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(ensemble.query.query) ?? [];
    expect(exported.some((series) => series.metric === metric && label in series.labels)).toBe(true);
  });
});
