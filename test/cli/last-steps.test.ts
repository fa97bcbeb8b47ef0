import { describe, expect, it } from 'vitest';
import { fileOf } from './recording.ts';
import { runCommand } from './run-command.ts';

const said = (id: string, answer: string) => ({ simulated: { id, accuracy: 1, answer } });

const predicted = async (ensemble: object, ...flags: string[]) => {
  const path = fileOf(JSON.stringify(ensemble), 'ensemble.json');
  const { stdout, stderr, code } = await runCommand([
    'predict',
    'Which city?',
    '--ensemble',
    path,
    '--json',
    ...flags,
  ]);
  return { code, stderr, prediction: code === 0 ? JSON.parse(stdout) : undefined };
};

describe('groupings and deciders in the file of an ensemble', () => {
  const models = [said('a', 'Paris.'), said('b', 'It is Paris, I believe'), said('c', 'Lyon')];

  it('group answers in prose by name', async () => {
    const { prediction } = await predicted({ models, grouping: 'byContent' });
    expect(prediction).toMatchObject({
      text: 'Paris.',
      metadata: { grouping: 'byContent', votes: { 'Paris.': 2 } },
    });
    const byFlag = await predicted({ models }, '--grouping', 'byContent');
    expect(byFlag.prediction.metadata).toMatchObject({ grouping: 'byContent', consensus: 2 / 3 });
  });

  it('group numbers by a tolerance', async () => {
    const numbers = [said('a', '10'), said('b', '10.4'), said('c', '12')];
    const grouping = { byTolerance: 0.5 };
    const { prediction } = await predicted({ models: numbers, normalization: 'numeric', grouping });
    expect(prediction.metadata.consensus).toBeCloseTo(2 / 3, 12);
  });

  it('ask a judge, and pay for it', async () => {
    const judge = { simulated: { id: 'judge', accuracy: 1, costUsd: 0.5, answer: 'no verdict' } };
    const decide = { judge: { model: judge, rubric: 'right', unless: 'never' } };
    const { prediction } = await predicted({ models, grouping: 'byContent', decide });
    expect(prediction.metadata.decision).toMatchObject({
      by: 'judge',
      status: expect.stringMatching(/abstained|failed/),
    });
    expect(prediction.metadata.costBreakdown.judge).toBeGreaterThanOrEqual(0.5);
  });

  it('are refused with their place', async () => {
    const { code, stderr } = await predicted({
      models,
      grouping: { byEquivalence: { judge: 'nobody/knows' } },
      decide: { judge: { model: 7, unless: { consensus: 2 } } },
    });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/grouping\.byEquivalence\.judge: /);
    expect(stderr).toMatch(/decide\.judge\.model: /);
    expect(stderr).toMatch(/decide\.judge\.unless: /);
  });
});
