import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const at = (room: string) => JSON.stringify(new URL(`../../src/${room}`, import.meta.url).href);

/** An experiment whose second condition has this policy around a model that answers or fails as `call` says. */
const withPolicy = (policy: string, call: string) =>
  experimentOf(
    `import { defineModel } from ${at('index.ts')};
    import { budget, circuitBreaker, spendingCap } from ${at('policies/policies.ts')};
    const sum = (text) => String(2 * Number(/\\d+/.exec(text)[0]));
    const models = [defineModel('m', ${call})].map(${policy});
    export default {
      dataset: 'sums.jsonl',
      journal: 'calls.jsonl',
      concurrency: 1,
      conditions: {
        good: { models: [defineModel('good', (text) => ({ text: sum(text), costUsd: 0.01 }))], normalization: 'numeric' },
        limited: { models, normalization: 'numeric' },
      },
    };`,
    20,
    'experiment.ts',
  );

const limited = async (policy: string, call: string) => {
  const path = withPolicy(policy, call);
  const reports = ['r.csv', 'r.json', 'r.md'].map((name) => beside(path, name));
  const ended = await runCommand(['run', path, '--report', ...reports]);
  const [csv = '', card = '', markdown = ''] = reports.map((report) => readFileSync(report, 'utf8'));
  return { ...ended, csv, card: JSON.parse(card), markdown };
};

describe('calls that a policy refuses', () => {
  const broken = 'circuitBreaker({ minimumCalls: 3, failureRatio: 0.5, windowMs: 60000, breakMs: 600000 })';
  const failing = "() => { throw new Error('down'); }";

  it('are no calls of an open circuit, and leave no cost that says nothing', async () => {
    const { code, stdout, stderr, csv, card, markdown } = await limited(broken, failing);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^23 calls made \(≥\$0\.20\), 3 failed; 17 not sent; 0 answers reused$/m);
    expect(stdout).toMatch(/^limited: 17 calls of m not sent \(CircuitOpenError\), for example at q3: /m);
    expect(stdout).toMatch(/^limited: all 3 calls of m failed with ModelError, for example at q0: /m);
    // Every question is left out, so that no mean is known.
    expect(stdout).toMatch(/^limited +– +0\/20 +20 +– +– +– +–$/m);
    for (const text of [stdout, stderr, csv, markdown]) expect(text).not.toContain('≥$0.00');
    expect(card.conditions[1]).toMatchObject({ leftOut: { failed: 20 }, calls: { made: 0 } });
  });

  it('are no calls of a budget that is used up, and cost nothing', async () => {
    const { code, stdout } = await limited(
      `budget({
        caps: [spendingCap({ maxUsd: 0.05 })],
        maxOutputTokens: 1,
        pricing: { priceOf: () => ({ usd: 0.01 }), countTokens: () => 1 },
      })`,
      '(text) => ({ text: sum(text), costUsd: 0.01 })',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^limited +100\.0 % +[\d.–]+ +5\/20 +15 +1\.00 +\$0\.01 /m);
    expect(stdout).toMatch(/^25 calls made \(\$0\.25\); 15 not sent; 0 answers reused$/m);
    expect(stdout).toMatch(/^limited: 15 calls of m not sent \(BudgetExceededError\)/m);
  });

  it('says that a cost is unknown rather than that it is at least 0', async () => {
    const { stdout, stderr } = await limited(
      '(model) => model',
      "(text) => { if (text.includes('3')) throw new Error('down'); return sum(text); }",
    );
    expect(stdout + stderr).not.toContain('≥$0.00');
    expect(stdout).toMatch(/^limited .* – +0\.00 s/m);
  });
});
