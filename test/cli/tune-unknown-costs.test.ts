import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

/**
 * Runs `tune` on 40 recorded questions, which only the best model answers right; `costOf` returns the cost of an answer of
 * a model, or nothing.
 */
const tuned = async (costOf: (model: string, index: number) => number | undefined, best = 'a') => {
  const path = experimentOf({
    dataset: 'answers.jsonl',
    models: 'recorded',
    conditions: { all: { normalization: 'numeric', minResponses: 1 } },
  });
  const rows = Array.from({ length: 40 }, (_, index) => ({
    id: `${index}`,
    question: `What is ${index} + 1?`,
    expected: index + 1,
    responses: ['a', 'b'].map((model) => ({
      model,
      text: `${model === best ? index + 1 : 0}`,
      costUsd: costOf(model, index),
    })),
  }));
  writeFileSync(beside(path, 'answers.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  return runCommand(['tune', path]);
};

describe('crucible-ensemble tune', () => {
  it('says nothing of costs that are all known', async () => {
    const { stdout } = await tuned(() => 0.1);
    expect(stdout).toMatch(/^cost {7}\$0\.10 per question \(\$0\.10–\$0\.10\)$/m);
    expect(stdout).not.toMatch(/≈|unknown/);
  });

  it('marks costs that are partly unknown, and says of which model and what stands for them', async () => {
    const { stdout } = await tuned((model, index) => (model === 'b' && index < 3 ? undefined : 0.1), 'b');
    expect(stdout).toMatch(/^chosen panel .*≈\$0\.10$/m);
    expect(stdout).toMatch(/^cost {7}≈\$0\.10 per question \(≈\$0\.10–\$0\.10\)$/m);
    expect(stdout).toContain(
      'the cost of 3 of 40 calls of b is unknown: it is estimated by the mean of the others (≈)\n',
    );
  });

  it('marks no cost of a panel whose own costs are known', async () => {
    const { stdout } = await tuned((model, index) => (model === 'b' && index < 3 ? undefined : 0.1), 'a');
    expect(stdout).toMatch(/^chosen panel .* \$0\.10$/m);
    expect(stdout).toMatch(/^plurality of all models .*≈\$/m);
    expect(stdout).toMatch(/^cost {7}\$0\.10 per question/m);
  });

  it('says that it compares by calls if a model has no known cost', async () => {
    const { stdout } = await tuned((model) => (model === 'b' ? undefined : 0.1));
    expect(stdout).toContain(
      'cost       unknown: no cost of b is recorded, so panels are compared by calls\n',
    );
    expect(stdout).not.toContain('$');
  });
});
