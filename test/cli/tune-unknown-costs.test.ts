import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

/** Runs `tune` on 40 recorded questions; `costOf` returns the cost of an answer of a model, or nothing. */
const tuned = async (costOf: (model: string, index: number) => number | undefined) => {
  const path = experimentOf({
    dataset: 'answers.jsonl',
    models: 'recorded',
    conditions: { all: { normalization: 'numeric', minResponses: 1 } },
  });
  const rows = Array.from({ length: 40 }, (_, index) => ({
    id: `${index}`,
    question: `What is ${index} + 1?`,
    expected: index + 1,
    responses: ['a', 'b'].map((model) => ({ model, text: `${index + 1}`, costUsd: costOf(model, index) })),
  }));
  writeFileSync(beside(path, 'answers.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  return runCommand(['tune', path]);
};

describe('crucible-ensemble tune', () => {
  it('says nothing of costs that are all known', async () => {
    const { stdout, stderr } = await tuned(() => 0.1);
    expect(stderr).not.toContain('cost');
    expect(stdout).toContain('cost       $0.10 per question');
  });

  it('says of which model some costs are not known, and what it takes instead', async () => {
    const { stderr } = await tuned((model, index) => (model === 'b' && index < 3 ? undefined : 0.1));
    expect(stderr).toContain(
      'the cost of 3 of 40 questions is not known for b: the mean of the others is taken\n',
    );
  });

  it('says that it compares by calls if a model has no known cost', async () => {
    const { stdout, stderr } = await tuned((model) => (model === 'b' ? undefined : 0.1));
    expect(stderr).toContain('the cost of b is not known: panels are compared by calls, not by USD\n');
    expect(stdout).not.toContain('$');
  });
});
