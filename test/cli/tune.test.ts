import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tunedLines } from '../../src/cli/tuned-lines.ts';
import { fromPanel, labelledBallots, runExperiment, tune } from '../../src/experiment/experiment.ts';
import { createEnsemble, type Model, simulated } from '../../src/index.ts';
import { fileOf } from './recording.ts';
import { runCommand } from './run-command.ts';

const simulations = [
  { id: 'weak', accuracy: 0.5, costUsd: 0.0001 },
  { id: 'middling', accuracy: 0.7, costUsd: 0.0002 },
  { id: 'strong', accuracy: 0.97, costUsd: 0.01 },
];
const questions = Array.from({ length: 60 }, (_, n) => ({
  id: `q${n}`,
  question: `What is ${n} + 1?`,
  expected: n + 1,
}));

/** Returns the path of an experiment with all models in its first condition. */
const experimentOf = (changes: object = {}): string => {
  const dataset = fileOf(questions.map((question) => JSON.stringify(question)).join('\n'), 'sums.jsonl');
  const path = join(dirname(dataset), 'sums.json');
  const file = {
    dataset: 'sums.jsonl',
    journal: 'calls.jsonl',
    models: simulations.map((options) => ({ simulated: options })),
    conditions: {
      everybody: { normalization: 'numeric', minResponses: 1 },
      strong: { models: ['strong'], normalization: 'numeric' },
    },
    ...changes,
  };
  writeFileSync(path, JSON.stringify(file));
  return path;
};

const recorded = async (changes?: object): Promise<string> => {
  const path = experimentOf(changes);
  await runCommand(['run', path]);
  return path;
};

const panelBeside = (path: string): string => path.replace('.json', '.panel.json');

describe('crucible-ensemble tune', () => {
  it('chooses the same panel as the function tune, and writes a panel that runs', async () => {
    const path = await recorded();
    const journal = readFileSync(join(dirname(path), 'calls.jsonl'), 'utf8');
    const { code, stdout, stderr } = await runCommand(['tune', path, '--json']);
    expect([code, stderr]).toStrictEqual([
      0,
      `comparing panels on 60 questions\nwrote ${panelBeside(path)}\n`,
    ]);
    const models: Model[] = simulations.map((options) => simulated(options));
    const normalization = 'numeric';
    const trials = runExperiment({
      dataset: questions,
      conditions: { everybody: { models, normalization, minResponses: 1 } },
    });
    const ballots = await Array.fromAsync(labelledBallots(trials, { normalization }));
    const expected = JSON.parse(JSON.stringify(tune({ ballots, aim: { maximize: 'accuracy' } })));
    expect(JSON.parse(stdout)).toStrictEqual(expected);
    const panel = JSON.parse(readFileSync(panelBeside(path), 'utf8'));
    expect(panel).toStrictEqual(expected.panel);
    const ensemble = createEnsemble({ ...fromPanel(panel, { models }), normalization });
    expect((await ensemble.predict('What is 20 + 1?')).answer).toBe(21);
    expect(readFileSync(join(dirname(path), 'calls.jsonl'), 'utf8')).toBe(journal);
  });

  it('says that it counts equal answers, if a condition groups them', async () => {
    const path = await recorded({
      conditions: { everybody: { normalization: 'numeric', grouping: { byTolerance: 1 }, minResponses: 1 } },
    });
    const { code, stderr } = await runCommand(['tune', path]);
    expect(code).toBe(0);
    expect(stderr).toContain('"grouping" of the conditions has no effect here: tune counts equal answers\n');
  });

  it('prints the chosen panel, the best single model and the plurality, each with its interval', async () => {
    const { stdout } = await runCommand(['tune', await recorded()]);
    const lines = stdout.split('\n');
    const row = ' +\\d+\\.\\d % +\\d+\\.\\d–\\d+\\.\\d +\\d\\.\\d\\d +\\$[\\d.]+$';
    expect(lines[0]).toMatch(/^ +accuracy +95 % CI +calls +cost$/);
    expect(lines[1]).toMatch(new RegExp(`^chosen panel${row}`));
    expect(lines[2]).toMatch(new RegExp(`^best single model \\(strong\\)${row}`));
    expect(lines[3]).toMatch(new RegExp(`^plurality of all models${row}`));
    expect(stdout).toMatch(/^verdict {4}\S/m);
    expect(stdout).toMatch(/^members {4}\S/m);
    expect(stdout).toMatch(/^calls {6}\d\.\d\d per question \(\d\.\d\d–\d\.\d\d\)$/m);
    expect(stdout).toMatch(/^\d+ panels compared, on questions that they had not learned from$/m);
    expect(stdout).not.toContain('aim');
  });

  it('takes one aim, and exits with 1 if no panel meets it, with the closest panel written', async () => {
    const path = await recorded();
    const aimWith = async (...flags: readonly string[]) => {
      const { code, stdout } = await runCommand(['tune', path, '--json', ...flags]);
      return [code, JSON.parse(stdout).panel.tuned.aim];
    };
    expect(await aimWith('--min-accuracy', '0.5')).toStrictEqual([0, { minimize: 'cost', minAccuracy: 0.5 }]);
    expect(await aimWith('--max-cost-usd', '0.0005', '--max-calls', '2')).toStrictEqual([
      0,
      { maximize: 'accuracy', maxCostUsd: 0.0005, maxCalls: 2 },
    ]);
    expect(await aimWith('--min-precision', '0.9')).toStrictEqual([
      0,
      { maximize: 'coverage', minPrecision: 0.9 },
    ]);
    const panel = join(dirname(path), 'other.json');
    const { code, stdout } = await runCommand(['tune', path, '--max-cost-usd', '0', '--panel', panel]);
    expect([code, existsSync(panel)]).toStrictEqual([1, true]);
    expect(stdout).toContain('no panel meets the aim; this one comes closest');
  });

  it('says of each bound of the aim what is expected, its interval, and by how much it is missed', async () => {
    const path = await recorded();
    const met = await runCommand(['tune', path, '--min-accuracy', '0.5']);
    expect(met.stdout).toMatch(
      /^aim {8}accuracy of at least 50\.0 %: \d+\.\d % expected \(\d+\.\d %–\d+\.\d %\), met$/m,
    );
    const missed = await runCommand(['tune', path, '--max-cost-usd', '0', '--max-calls', '0.5']);
    expect(missed.stdout).toMatch(
      /^aim {8}cost of at most \$0\.00: \$0\.0001 expected \(.+\), missed by \$0\.0001$/m,
    );
    expect(missed.stdout).toMatch(/^aim {8}calls of at most 0\.50: 1\.00 expected \(.+\), missed by 0\.50$/m);
    const { misses } = JSON.parse((await runCommand(['tune', path, '--max-calls', '0.5', '--json'])).stdout);
    expect(misses).toStrictEqual([{ figure: 'calls', bound: 0.5, expected: 1, by: 0.5 }]);
  });

  it('without an aim, overwrites no panel that was tuned for one, and no panel that is the same', async () => {
    const path = await recorded();
    const file = panelBeside(path);
    await runCommand(['tune', path, '--min-accuracy', '0.5']);
    const cheap = readFileSync(file, 'utf8');
    const kept = await runCommand(['tune', path]);
    expect([kept.code, readFileSync(file, 'utf8')]).toStrictEqual([0, cheap]);
    expect(kept.stderr).toContain(
      `kept ${file}, which has another aim; use --panel <path> to write this panel`,
    );
    const same = await runCommand(['tune', path, '--min-accuracy', '0.5']);
    expect(same.stderr).toContain(`${file} holds this panel already`);
    expect((await runCommand(['tune', path, '--panel', file])).stderr).toContain(`wrote ${file}`);
    writeFileSync(file, 'not a panel');
    expect((await runCommand(['tune', path])).stderr).toContain(`kept ${file}`);
  });

  it('shows its progress on a terminal only', async () => {
    const path = await recorded();
    const { stderr } = await runCommand(['tune', path], { isErrorTTY: true });
    expect(stderr).toMatch(/\d+ %/);
    expect((await runCommand(['tune', path])).stderr).not.toContain('%');
  });

  it('stops at Ctrl-C, and writes nothing', async () => {
    const path = await recorded();
    const interrupted = new AbortController();
    const { code, stdout, stderr } = await runCommand(['tune', path], {
      signal: interrupted.signal,
      isErrorTTY: true,
      onErrorWrite: (text) => {
        if (/\d+ %/.test(text)) interrupted.abort();
      },
    });
    expect([code, stdout]).toStrictEqual([130, '']);
    expect(stderr).toContain('interrupted; no panel was written');
    expect(existsSync(panelBeside(path))).toBe(false);
  });

  it('uses the responses of a dataset, without a journal', async () => {
    const path = experimentOf({
      journal: undefined,
      models: 'recorded',
      conditions: { all: { normalization: 'numeric' } },
    });
    const responses = (n: number) => [
      { model: 'good', text: `${n + 1}` },
      { model: 'bad', text: `${n % 3 === 0 ? 0 : n + 1}` },
    ];
    writeFileSync(
      join(dirname(path), 'sums.jsonl'),
      questions.map((question, n) => JSON.stringify({ ...question, responses: responses(n) })).join('\n'),
    );
    const { stdout } = await runCommand(['tune', path]);
    expect(stdout).toMatch(/^members {4}good$/m);
  });

  it('refuses calls that are not recorded', async () => {
    const path = experimentOf();
    await runCommand(['run', path, '--sample', '20']);
    const { code, stdout, stderr } = await runCommand(['tune', path]);
    expect([code, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain('120 calls are not recorded');
    expect(existsSync(panelBeside(path))).toBe(false);
  });

  it('counts the questions that it leaves out because a call failed', async () => {
    const responding = (failureRate: number) =>
      recorded({
        models: [...simulations, { id: 'flaky', accuracy: 0.9, failureRate, seed: 1 }].map((options) => ({
          simulated: options,
        })),
      });
    const { code, stdout } = await runCommand(['tune', await responding(0.04)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(\d) questions? left out because a call failed: flaky \1$/m);
    const refused = await runCommand(['tune', await responding(0.5)]);
    expect([refused.code, refused.stdout]).toStrictEqual([2, '']);
    expect(refused.stderr).toMatch(
      /\d\d of 60 calls of "flaky" failed.*: run the experiment again, which makes only these calls, or remove the model from the experiment/,
    );
  });

  it('leaves out the questions that no answer can be right on, as run does', async () => {
    const labels = [undefined, 'not known', undefined, ['a', 'list']];
    const rows = questions.map((question, n) => ({ ...question, expected: labels[n % 4] ?? n + 1 }));
    const path = experimentOf();
    writeFileSync(join(dirname(path), 'sums.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const run = await runCommand(['run', path]);
    expect(run.stdout).toMatch(/30 questions not scored, for example at q1/);
    const { code, stdout, stderr } = await runCommand(['tune', path, '--json']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^comparing panels on 30 questions; 30 questions left out, because no answer can be equal to the right answer, for example at q1$/m,
    );
    expect(JSON.parse(stdout).panel.tuned.ballots).toBe(30);
  });

  it.each([{ scorer: 'none' }, {}])(
    'says that no question has a right answer, with the fields (%o)',
    async (changes) => {
      const path = experimentOf(changes);
      const rows = questions.map(({ id, question }) => JSON.stringify({ id, question, category: 'sums' }));
      writeFileSync(join(dirname(path), 'sums.jsonl'), rows.join('\n'));
      await runCommand(['run', path]);
      const { code, stderr } = await runCommand(['tune', path]);
      expect(code).toBe(2);
      expect(stderr).toContain(
        'none of the 60 questions has a right answer in the field "expected"; the rows have the fields id, question, category',
      );
      expect(stderr).not.toContain('scorer');
    },
  );

  it('warns if the interval is wide, and refuses too few questions by the names of its own flags', async () => {
    const path = await recorded({
      models: simulations.slice(0, 2).map((options) => ({ simulated: options })),
      conditions: { all: { normalization: 'numeric', minResponses: 1 } },
    });
    const { stdout } = await runCommand(['tune', path]);
    const [, questions, width, enough] =
      /^warning: (\d+) questions leave the accuracy uncertain by (\d+) points; about ([\d,]+) would make it 10$/m.exec(
        stdout,
      ) ?? [];
    expect(Number(questions)).toBe(60);
    expect(Number(width)).toBeGreaterThan(15);
    expect(Number(enough?.replace(',', ''))).toBeGreaterThan(135);
    const { code, stderr } = await runCommand(['tune', path, '--sample', '12']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      '5 folds need at least 20 questions with a right answer, but there are 12, too few to compare panels: record more questions, or use a larger --sample',
    );
    expect(stderr).not.toMatch(/"folds"|"prices"|"models"/);
  });

  it('lists every problem of its options, and overwrites no input of the experiment', async () => {
    const path = await recorded();
    const wrong = ['--max-cost-usd', 'cheap', '--min-accuracy', '2', '--sample', '0'];
    const { code, stderr } = await runCommand(['tune', path, ...wrong]);
    expect(code).toBe(2);
    expect(stderr).toContain('- --max-cost-usd must be a number from 0');
    expect(stderr).toContain('- --min-accuracy must be a number from 0 to 1, but got 2');
    expect(stderr).toContain('- --sample must be an integer of at least 1, but got 0');
    expect(stderr).toContain('use only one aim');
    expect(stderr).toContain('See crucible-ensemble tune --help.');
    const replaced = await runCommand(['tune', path, '--panel', path]);
    expect([replaced.code, replaced.stderr]).toStrictEqual([
      2,
      expect.stringContaining('--panel would overwrite the experiment'),
    ]);
  });

  it('says that a sample is larger than the dataset, as run does', async () => {
    const path = experimentOf();
    const note = 'the sample of 61 is larger than the dataset: all 60 questions are used';
    for (const command of ['run', 'tune']) {
      expect((await runCommand([command, path, '--sample', '61'])).stderr).toContain(note);
      const { stderr } = await runCommand([command, path, '--sample', '60', '--seed', '1']);
      expect(stderr).not.toContain('the sample of');
      expect((await runCommand([command, path, '--seed', '1'])).stderr).not.toContain('the sample of');
    }
  });

  it('reports that the panel cannot be written', async () => {
    const path = await recorded();
    const { code, stdout, stderr } = await runCommand(['tune', path, '--panel', join(path, 'panel.json')]);
    expect(code).toBe(1);
    expect(stdout).toContain('panels compared');
    expect(stderr).toContain('panel.json cannot be written (ENOTDIR)');
  });
});

/** Renders a panel with an estimate for each of its figures, and some changes. */
const linesOf = (changes: {
  readonly panel?: object;
  readonly misses?: unknown;
  readonly comparison?: object;
}) => {
  const estimate = { value: 0.5, low: 0.4, high: 0.6 };
  const expected = { accuracy: estimate, calls: estimate, coverage: estimate, precision: estimate };
  return tunedLines({
    bestSingle: { model: 'strong', ...expected },
    plurality: expected,
    isAimMet: true,
    misses: changes.misses ?? [],
    unknownCosts: [],
    leftOut: { ballots: 0, failed: [] },
    compared: 1,
    comparison: {
      baseline: 'bestSingle',
      figure: 'accuracy',
      lead: estimate,
      isPanelChosen: true,
      misses: [],
      ...changes.comparison,
    },
    panel: {
      members: ['weak', 'strong'],
      voter: { rule: 'majority' },
      execution: { schedule: 'parallel', stop: 'never' },
      expected,
      tuned: { aim: { maximize: 'accuracy' } },
      ...changes.panel,
    },
  } as never).join('\n');
};

describe('the verdict on a tuned panel', () => {
  const lead = (value: number, low: number, high: number) => ({ value, low, high });
  it.each([
    [
      { lead: lead(0.018, -0.02, 0.056) },
      'this panel leads the best single model by 1.8 points of accuracy (95 % CI −2.0 to +5.6)',
    ],
    [
      { lead: lead(-0.0001, -0.02, 0.02), baseline: 'plurality' },
      'this panel trails the plurality of all models by less than 0.1 points of accuracy',
    ],
    [
      { lead: lead(0.004, -0.01, 0.018), isPanelChosen: false },
      'the best single model is chosen; the best other panel leads it by 0.4 points of accuracy (95 % CI −1.0 to +1.8), no gain beyond noise',
    ],
    [
      {
        lead: lead(0.2, 0.1, 0.3),
        figure: 'coverage',
        isPanelChosen: false,
        misses: [{ figure: 'precision', bound: 0.95, expected: 0.93, by: 0.02 }],
      },
      'the best single model is chosen; the best other panel leads it by 20.0 points of coverage (95 % CI +10.0 to +30.0), but misses the aim: precision by 2.0 points',
    ],
    [
      {
        lead: lead(0.02, -0.1, 0.1),
        isPanelChosen: false,
        misses: [
          { figure: 'costUsd', bound: 0.01, expected: 0.03, by: 0.02 },
          { figure: 'calls', bound: 2, expected: 3, by: 1 },
        ],
      },
      'the best single model is chosen; the best other panel leads it by 2.0 points of accuracy (95 % CI −10.0 to +10.0), but misses the aim: cost by $0.02, calls by 1.00',
    ],
    [
      { lead: lead(0, 0, 0), isPanelChosen: false },
      'the best single model is chosen; no other panel is better',
    ],
  ])('says what is chosen, and what it was compared with: %o', (comparison, verdict) => {
    expect(linesOf({ comparison })).toContain(`verdict    ${verdict}`);
  });

  it.each([
    ['accuracy', { minimize: 'cost', minAccuracy: 0.5 }, 0.0004, 'less than 0.1 points'],
    ['accuracy', { minimize: 'cost', minAccuracy: 0.5 }, 0.0005, '0.1 points'],
    ['precision', { maximize: 'coverage', minPrecision: 0.5 }, 1e-9, 'less than 0.1 points'],
    ['calls', { maximize: 'accuracy', maxCalls: 1 }, 0.004, 'less than 0.01'],
    ['costUsd', { maximize: 'accuracy', maxCostUsd: 1 }, 0.000001234, '$0.00000123'],
  ])('never says that the aim is missed by nothing: %s', (figure, aim, by, shown) => {
    const miss = linesOf({ panel: { tuned: { aim } }, misses: [{ figure, bound: 0.5, expected: 0.5, by }] });
    expect(miss).toMatch(new RegExp(`missed by ${shown.replace(/[.$]/g, '\\$&')}$`, 'm'));
  });
});

describe('the execution of a tuned panel', () => {
  it.each([
    [{ schedule: 'parallel', stop: 'never' }, 'parallel'],
    [{ schedule: 'parallel', stop: 'decided' }, 'parallel, until the outcome is decided'],
    [{ schedule: 'sequential', stop: 'decided' }, 'one call at a time, until the outcome is decided'],
    [
      { schedule: 'sequential', stop: 'confident', threshold: 0.9 },
      'one call at a time, until an answer is 90.0 % probable',
    ],
    [
      { schedule: 'sequential', stop: 'agreement', votes: 2 },
      '2 calls in parallel, the others only if these disagree',
    ],
  ] as const)('is described: %o', (execution, description) => {
    expect(linesOf({ panel: { execution } })).toContain(`execution  ${description}\n`);
  });
});
