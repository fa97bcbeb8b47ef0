import { describe, expect, it } from 'vitest';
import { createPaint } from '../../src/cli/paint.ts';
import { afterEvent, initialProgress, withOutcomes } from '../../src/cli/prediction-progress.ts';
import { callLines, voteLines } from '../../src/cli/progress-lines.ts';
import { summaryLines } from '../../src/cli/summary-lines.ts';
import { banana, grouped, groupedPrediction } from '../grouped.ts';

const plain = { paint: createPaint(false, {}), columns: 100 };

describe('the lines of a prediction with a grouping and a decider', () => {
  it('list the call of a judge after those of the members, and say who decided', async () => {
    const prediction = await groupedPrediction({ decide: banana() });
    const progress = withOutcomes(initialProgress(['a', 'b', 'c']), prediction.outcomes);
    const lines = callLines(progress, plain).map((line) =>
      line.replace(/\d+(\.\d+)? m?s/, '…').replace(/ +/g, ' '),
    );
    expect(lines).toStrictEqual([
      '✓ a … $0.10 avocado',
      '✓ b … $0.10 banana',
      '✓ c … $0.10 an apple',
      '✓ a (judge) … $1.00 banana',
    ]);
    const summary = summaryLines(prediction, progress, plain.paint).map((line) => line.replace(/ +/g, ' '));
    expect(summary).toContain('consensus 33 % of 3 votes, by byInitial (avocado: 2, banana: 1)');
    expect(summary).toContain('decision chosen by custom: it is green');
    expect(summary).toContain('cost $1.30');
  });

  it('draw a full bar for the whole panel, without the judge', async () => {
    const { outcomes } = await groupedPrediction({ decide: banana() });
    const progress = { ...withOutcomes(initialProgress(['a', 'b', 'c']), outcomes), votes: { banana: 3 } };
    expect(voteLines(progress, plain)[0]).not.toContain('░');
  });

  it('show the call of a judge while it runs', async () => {
    let progress = initialProgress(['a', 'b', 'c']);
    const seen = new Set<string>();
    for await (const event of grouped({ decide: banana() }).stream('?')) {
      progress = afterEvent(progress, event);
      const judge = progress.calls[3];
      if (judge !== undefined) seen.add(`${judge.model} ${judge.role} ${judge.status}`);
    }
    expect([...seen]).toStrictEqual(['a judge waiting', 'a judge answered']);
    expect(progress.calls).toHaveLength(4);
  });
});
