import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const answer = (model: string, latencyMs: number, costUsd?: number) => ({
  model,
  text: '4',
  latencyMs,
  costUsd,
});

/** An experiment over recorded responses, the same for every question. */
const recorded = (responses: readonly object[], conditions: object, questions = 10): string => {
  const path = experimentOf({ dataset: 'answers.jsonl', models: 'recorded', conditions });
  const lines = Array.from({ length: questions }, (_, id) =>
    JSON.stringify({ id: `${id}`, question: 'What is 2 + 2?', expected: '4', responses }),
  );
  writeFileSync(beside(path, 'answers.jsonl'), lines.join('\n'));
  return path;
};

const conditions = {
  full: { normalization: 'numeric' },
  decided: { normalization: 'numeric', earlyStop: 'decided' },
};

const costsIn = (table: string): string[] =>
  table.split('\n').flatMap((line) => /^\w+ .*?\/10 +\S+ +(\S+)/.exec(line)?.[1] ?? []);

describe('costs of an experiment on a terminal', () => {
  it('are bounds if a call was aborted, and exact otherwise', async () => {
    const path = recorded([answer('a', 10, 0.1), answer('b', 20, 0.2), answer('c', 30, 0.4)], conditions);
    const { stdout, stderr } = await runCommand(['run', path]);
    expect(costsIn(stdout)).toStrictEqual(['$0.70', '$0.30–$0.70']);
    expect(stdout).toContain('30 answers reused (originally $7.00)');
    expect(stderr).toContain('reused $7.00');
  });

  it('are lower bounds if the price of a call is not known, also in the account and while it runs', async () => {
    const path = recorded([answer('a', 10, 0.1), answer('b', 20, 0.2), answer('c', 30)], conditions);
    const { stdout, stderr } = await runCommand(['run', path]);
    expect(costsIn(stdout)).toStrictEqual(['≥$0.30', '≥$0.30']);
    expect(stdout).toContain('30 answers reused (originally ≥$3.00)');
    expect(stderr).toContain('reused ≥$3.00');
  });

  it('are in JSON with their source and their bound, without rounding noise', async () => {
    const path = recorded([answer('a', 10, 0.1), answer('b', 20, 0.2), answer('c', 30, 0.4)], conditions, 3);
    const { stdout } = await runCommand(['run', path, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      conditions: [
        { costUsdPerQuestion: 0.7, costSource: 'reported' },
        { costUsdPerQuestion: 0.3, costSource: 'partial', maxCostUsdPerQuestion: 0.7 },
      ],
      account: { recordedUsd: 2.1, recordedSource: 'reported' },
    });
    expect(stdout).not.toMatch(/Usd\w*": \d+\.\d{13}/);
  });
});

describe('the cost of a prediction on a terminal', () => {
  it('is a lower bound if a call was aborted', async () => {
    const { stdout } = await runCommand([
      'What is 17 * 23?',
      '--simulate',
      '3',
      '--seed',
      '3',
      '-n',
      'numeric',
      '--early-stop',
      'decided',
    ]);
    expect(stdout).toMatch(/cost +≥\$0\.0011\n/);
  });
});
