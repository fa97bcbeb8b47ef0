import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = globSync(['examples/*.ts', 'examples/*/main.ts', 'examples/research/*.ts'], { cwd: root })
  .filter((file) => !file.endsWith('evidence.ts'))
  .toSorted();

/** What tells that an example showed what it is there for. */
const tellingParts: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'adaptive-strategy': [
    'high stakes      391  parallel/unanimous: small answered, medium answered, large answered',
    'cost sensitive   391  cascade/bestConfidence: small answered\n',
    'busy             391  hedged/majority: small cancelled, medium answered\n',
    'nothing special  391  parallel/majority: small cancelled, medium answered, large answered',
  ],
  'async-iterables': [
    '  model-1: 42\nSquares',
    '  What is 5 ^ 2? 25\n  (the source is closed)\n  at most 4 questions were read ahead\n',
    '  What is love? no prediction',
  ],
  'basic-usage': [
    '17 * 23 is 391\nconsensus 0.67, votes {"391":2,"392":1}\ncost $0.0042, 3 of 3 calls voted\n',
    'InsufficientResponsesError: 0 of at least 2 votes were cast',
  ],
  'best-of-n': [
    'brief: the program did not end within 5000 ms\n',
    'passed: whole\n',
    'no answer passes; the nearest is that of fourth: 2 of 3 tests passed; "no century" failed: ',
  ],
  'custom-model': [
    'remote: the answer is no longer wanted\nParis (consensus 1)\n',
    '  remote: cancelled\n  reactive: answered\n  broken: failed, broken: the call failed with RangeError',
  ],
  'custom-voter': [
    'majority   384000 km, consensus 0.60, votes {"384000":3,"384400":2}',
    'median     384000 km, consensus 1.00, votes {"384000":3,"384400":2}',
    'byFamily   384400 km, consensus 0.67, votes {"384000":1,"384400":2}',
  ],
  'dynamic-models': [
    'What is 12 * 12? → 144\n  abacus, slide-rule, calculator; $0.0003\n',
    '→ It depends.\n  scholar, librarian; $0.0040\n',
    '  poet, scholar, librarian; $0.0090',
  ],
  'ensemble-of-ensembles': [
    'The council says 391:',
    '  three small ones $0.0021, large $0.0030\n',
    '17 * 23 = 391: verified\n19 * 21 = 399: verified\n17 * 25 = 424: refuted',
  ],
  'execution-strategies': [
    /parallel +391 +3 +0 +\$0\.0042 +\d+ ms\n/,
    /sequential +391 +2 +0 +\$0\.0011 +\d+ ms\n/,
    /hedged +391 +2 +1 +\$0\.0009 +\d+ ms\n/,
    /cascade +391 +2 +0 +\$0\.0011 +\d+ ms$/,
  ],
  invoice: [
    'Hooke Springs Ltd, 2026-03-14: 1384.5 GBP\n  12 x coil spring\n  3 x leaf spring\n',
    'consensus 0.67\n',
    '  date     1.00  3 × 2026-03-14\n  total    0.67  2 × 1384.5, 1 × 1334.5\n  currency 1.00  3 × GBP\n',
    'outvoted on the total: blurred\n',
    'without the image: sharp: the provider rejected the request (400)',
  ],
  jury: [
    '60 items, 45 verdicts, 15 for review;',
    '- severe grades 3 lower than the median of all jurors (3 to 3)\n- flaky has no readable grade for 15 of 60 items (25 %)\n',
    'For a person: answer 3, because no strict majority: 0 of 3 jurors stand behind one grade',
    '| new prompt |          30 |   20 |  0.35 (-0.03 to 0.73) |',
    '- first prefers the answer that stands first: it contradicted itself on 60 of 60 items (100 %)',
  ],
  'opentelemetry/main': [
    '17 * 23 = 391, consensus ',
    'love: InsufficientResponsesError',
    '  invoke_workflow arithmetic ended well\n',
    '    chat small ended well, $0.0002\n',
    '    chat down ended ProviderError, $0\n',
    '    chat large ended cancelled',
    'gen_ai_client_operation_duration_count{gen_ai_operation_name="chat",',
    '  crucible_cost_total{crucible_ensemble="arithmetic",crucible_model="small",crucible_cost_source="reported"} 0.00',
    '  crucible_breaker_state{crucible_model="down",crucible_state="open"} 1',
    '  crucible_cache_hits_total{',
  ],
  'research/ablation': [
    'whole: ',
    /without early stop +\+0\.0 pp \(may be chance\) +cost × [12]\.\d\d–\d\.\d\d/,
  ],
  'research/cost-benefit': ['{"maxCostUsd":0.0003}', '{"maxCostUsd":0.02}', 'took no part in the choice'],
  'research/h1-reliability': [
    /independent errors\.\n.*\npanel of five +99\.\d %.*\n.*\nH1 \(99 %\) is (supported|open)/,
    /40 % of the errors in common\.\n.*\npanel of five +9[456]\.\d %.*\n.*\nH1 \(99 %\) is refuted/,
  ],
  'research/h2-hedging': [
    /learned, 5 % more calls.* 4\.\d % more calls {2}p99 -[34]\d %/,
    'H2 (−25 %) is supported on these data.',
  ],
  'research/h3-concurrency': [
    'H3 (ten times as much as one by one) is supported',
    /Python's asyncio, 3000 questions at once: \d+ questions\/s\. .* × \d|Python was not compared/,
  ],
  'research/h4-cost': [
    /independent errors[\s\S]*small ones +99\.\d %.*\n.*\nH4 \(< 10 % of the cost\) is open/,
  ],
  'research/reliability-curve': [/\n +7 +99\.\d %/, /errors in common\.\n.*\n[\s\S]*\n +7 +9[567]\.\d %/],
  'research/strategy-comparison': [/parallel majority +9\d\.\d % +9\d\.\d % +8\.00/, 'nothing beats'],
  'rxjs-pipeline': [
    'products: What is 17 * 23? → 391',
    'sums: What is 100 + 1? → 101',
    'products: 2 questions, 6 calls, consensus 0.83 on average',
    'sums: 3 questions, 9 calls, consensus 0.78 on average',
  ],
  'several-cores': [/^\d processes answered 1000 questions\nall models agreed on 7\d %$/],
  'streaming-early-stop': [
    'model-2 says 43\n  42 leads with 50 % of the votes so far\n',
    'The answer is 42, with 3 votes.\nAborted: model-5\n',
    'Decided after 4 votes; calls aborted: 1.',
  ],
  'support-tickets': [
    '#1 → billing (consensus 1.00): I was charged twice for my order.\n',
    '#8 → a person (consensus 0.67): Tracking says error 500.\n#9 → a person (no votes): Hello?\n',
    '! burst of delivery: #4, #5, #6',
    'billing 2, bug 3, delivery 4, not sorted 1\n$0.030, 3 calls retried, 2 connections to the mailbox',
  ],
  'voting-strategies': [
    /majority +200 +187 +13 +0\.66\n/,
    /weighted +200 +195 +5 +0\.75\n/,
    /bestConfidence +200 +197 +3 +0\.65\n/,
    /unanimous +29 +29 +0 +1\.00$/,
  ],
};

describe('the examples', () => {
  const printed: string[] = [];

  beforeEach(() => {
    printed.length = 0;
    vi.spyOn(console, 'log').mockImplementation((line = '') => {
      printed.push(stripVTControlCharacters(String(line)));
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(files)('%s runs and shows what it is there for', async (file) => {
    await import(/* @vite-ignore */ `${root}${file}`);
    const parts = tellingParts[file.replace(/^examples\/|\.ts$/g, '')] ?? [];
    expect(parts).not.toEqual([]);
    for (const part of parts) {
      expect(printed.join('\n'))[typeof part === 'string' ? 'toContain' : 'toMatch'](part as string);
    }
  });

  it('are listed in their README, each with a line', () => {
    const readme = readFileSync(`${root}examples/README.md`, 'utf8');
    const listed = [...readme.matchAll(/^\| \[[\w-]+\]\(((?:[\w-]+\/)?[\w-]+\.ts)\) \| .+ \|$/gm)].map(
      ([, path]) => `examples/${path}`,
    );
    // An example with packages of its own is run by the check of its framework.
    const isRunHere = (path: string) => !existsSync(new URL('package.json', `file://${root}${path}`));
    expect(listed.filter(isRunHere).toSorted()).toEqual(files);
  });
});
