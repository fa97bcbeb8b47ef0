import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recordings } from '../../../bench/recorded-answers/evaluate.ts';
import { runPanel } from '../../../bench/recorded-answers/run-panel.ts';
import { labelledBallots, tune } from '../../../src/experiment/experiment.ts';

const folder = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const primes = recordings(folder).filter(({ name }) => name === 'prime-llmdrift-4models');

// Skipped without the recordings, which are not part of the repository.
describe.skipIf(primes.length === 0)('a panel that is tuned for coverage on recorded answers', () => {
  it.for(primes)('answers as many of its own questions as it promises: $name', async (recording) => {
    const { questions, normalization } = recording;
    const ballots = await Array.fromAsync(labelledBallots(questions, { normalization }));
    const { panel } = tune({ ballots, aim: { maximize: 'coverage', minPrecision: 0.95 } });
    const answered = await runPanel(recording, panel, [...ballots.keys()], ballots);
    const coverage = answered.filter(({ isGiven }) => isGiven).length / answered.length;
    expect(coverage).toBeGreaterThan(0.2);
    expect(coverage).toBeGreaterThanOrEqual(panel.expected.coverage.low);
    expect(coverage).toBeLessThanOrEqual(panel.expected.coverage.high);
    const calls = answered.reduce((sum, one) => sum + one.calls, 0) / answered.length;
    expect(calls).toBeGreaterThanOrEqual(panel.expected.calls.low);
    expect(calls).toBeLessThanOrEqual(panel.expected.calls.high);
  });
});
