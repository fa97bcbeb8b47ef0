import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { attachHandlers, createEnsemble, defineModel, type EnsembleOptions } from '../../src/index.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');

/** The public names of all entries, as their golden files list them. */
const exported = new Set(
  [
    'crucible-ensemble',
    'auto',
    'experiment',
    'metrics',
    'node',
    'operators',
    'opentelemetry',
    'policies',
    'pricing',
  ]
    .map((entry) => read(`etc/${entry}.api.md`))
    .flatMap((report) =>
      Array.from(
        report.matchAll(/^export (?:declare )?(?:abstract )?(?:const|function|class|interface|type) (\w+)/gm),
      ),
    )
    .map(([, name]) => name as string),
);

/** The second cell of each row of a table with this heading, as its code spans. */
const spansOf = (heading: string): readonly string[] => {
  const page = read('docs/coming-from-elixir.md');
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => /^\| [^-]/.test(line));
  return rows.flatMap((row) =>
    Array.from((row.split(' | ')[1] ?? '').matchAll(/`([^`]+)`/g), ([, code]) => code as string),
  );
};

const methods = new Set(['predict', 'predict$', 'stream', 'predictAll']);

describe('the page for users of the library for Elixir', () => {
  it.each(['Functions', 'Strategies, executions, normalizers', 'Models and configuration', 'Recipes'])(
    'names functions that there are: %s',
    (heading) => {
      const called = spansOf(heading).flatMap((code) => /(?:^|ensemble\.)([\w$]+)\(/.exec(code)?.[1] ?? []);
      expect(called.filter((name) => !exported.has(name) && !methods.has(name) && name !== 'ask')).toEqual(
        [],
      );
    },
  );

  it('names options that there are', () => {
    const models = [defineModel('a', () => '4')];
    const named = spansOf('Options').flatMap((code) => /^(\w+):/.exec(code)?.[1] ?? []);
    expect(named.length).toBeGreaterThan(8);
    const refused = [...new Set(named)].filter((name) => {
      try {
        createEnsemble({ models, [name]: undefined } as EnsembleOptions);
        createEnsemble({ models, [name]: Symbol('none') } as never);
        return true;
      } catch (error) {
        return /there is no option/.test(String(error));
      }
    });
    // Keys are for models by name.
    expect(refused.filter((name) => name !== 'apiKeys')).toEqual([]);
  });

  it('names events that there are', () => {
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4')] });
    const named = spansOf('Telemetry events').filter((code) => code.includes(':'));
    expect(named.length).toBeGreaterThanOrEqual(9);
    for (const name of named) attachHandlers(ensemble, { [name]: () => undefined })();
    expect(() => attachHandlers(ensemble, { 'no:event': () => undefined } as never)).toThrow();
  });

  it('names fields that a prediction has', async () => {
    const model = defineModel('a', () => ({ text: '4', costUsd: 0.1 }));
    const prediction = await createEnsemble({ models: [model] }).predict('?');
    const fields = spansOf('Result').filter((code) => /^(metadata\.)?\w+$/.test(code));
    expect(fields.length).toBeGreaterThanOrEqual(8);
    for (const field of fields) {
      const value = field.split('.').reduce<object>((whole, name) => Reflect.get(whole, name), prediction);
      expect(value, field).toBeDefined();
    }
  });
});
