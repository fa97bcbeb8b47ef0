/**
 * What it costs to read an answer: ns per short answer, and how many passes of `normalize('NFKC')` over
 * 64 KB of every hostile text. Exits with 1 above 40 passes.
 */
import { z } from 'zod';
import { boolean } from '../src/normalizers/boolean.ts';
import { choice } from '../src/normalizers/choice.ts';
import { json } from '../src/normalizers/json.ts';
import { lowercaseTrim } from '../src/normalizers/lowercase-trim.ts';
import { numeric } from '../src/normalizers/numeric.ts';
import { schema } from '../src/normalizers/schema.ts';
import { hostileTexts } from '../test/normalizers/hostile-texts.ts';
import { report } from './table/report.ts';
import { slowness } from './table/slowness.ts';

const normalizers = {
  lowercaseTrim,
  numeric,
  boolean,
  json,
  choice: choice(['A', 'B', 'C', 'D']),
  schema: schema(z.object({ answer: z.number() })),
};

const shortAnswers = {
  lowercaseTrim: ['Paris', '  Paris. ', 'The answer is 4', '<answer>Paris</answer>'],
  numeric: ['42', '$1,234.50', 'The answer is 4', '#### 42'],
  boolean: ['Yes', 'No.', '[Yes]', 'The answer is no'],
  json: ['42', '{"a":1}'],
  choice: ['B', '(B)', 'The answer is (B).'],
  schema: ['{"answer":4}'],
} as const;

const isQuick = process.argv.includes('--quick');
const [WARM_UPS, RUNS] = isQuick ? [2, 8] : [12, 25];

/** An answer of 110 characters, as a model writes it. */
const LONG =
  'Seventeen times twenty is 340, and seventeen times three is 51. Together that makes 391, so the answer is 391.';

/**
 * Returns the least duration of a call in ms, once it is compiled: a busy machine only adds to it. The runs follow each other,
 * so that the text stays in the caches; with other calls in between, one pass of `normalize` takes twice as long.
 */
function leastOf(call: () => void): number {
  for (let round = 0; round < WARM_UPS; round++) call();
  const runs = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    call();
    return performance.now() - start;
  });
  return Math.min(...runs);
}

/** How many answers are read for one measurement, because a timer is too coarse for one. */
const BATCH = isQuick ? 1000 : 2000;

/** Enough for CPU time, which counts in steps of up to 4 ms. */
const MANY = 20_000;

/** Returns the nanoseconds in which a normalizer reads a text. */
const nsOf = (normalize: (text: string) => unknown, text: string): number =>
  (leastOf(() => {
    for (let answer = 0; answer < BATCH; answer++) normalize(text);
  }) /
    BATCH) *
  1e6;

// Before the hostile texts, after which V8 no longer knows what texts are like.
const slower = await slowness();
const longAnswerNs = Array.from({ length: 4 }, () => {
  const before = process.threadCpuUsage();
  for (let answer = 0; answer < MANY; answer++) numeric(LONG);
  const { user, system } = process.threadCpuUsage(before);
  return ((user + system) / MANY / slower) * 1000;
}).slice(1);

console.log(`ns per short answer, least of ${RUNS}`);
for (const [name, texts] of Object.entries(shortAnswers)) {
  const normalize = normalizers[name as keyof typeof normalizers];
  for (const text of texts) {
    const ns = nsOf(normalize, text);
    console.log(`  ${name.padEnd(14)} ${JSON.stringify(text).padEnd(28)} ${ns.toFixed(0).padStart(6)}`);
  }
}

const size = 65_536;

/** The most that reading may cost, in passes of `normalize('NFKC')` over the same text. */
const MOST_PASSES = 40;

console.log(
  `\n64 KB, passes of normalize('NFKC'), least of ${RUNS}\n${'text'.padEnd(26)}${'pass, µs'.padStart(10)}${Object.keys(
    normalizers,
  )
    .map((name) => name.padStart(14))
    .join('')}`,
);
let worst = 0;
let worstMs = 0;
for (const [label, text] of hostileTexts(size)) {
  // An engine answers for a text that it knows to be normalized: each pass gets a text of its own.
  let round = 0;
  const pass = leastOf(() => `${text}${round++}`.normalize('NFKC'));
  const row = Object.values(normalizers).map((normalize) => {
    const ms = leastOf(() => normalize(text));
    worstMs = Math.max(worstMs, ms);
    const passes = ms / pass;
    worst = Math.max(worst, passes);
    return (passes > MOST_PASSES ? `! ${passes.toFixed(1)}` : passes.toFixed(1)).padStart(14);
  });
  console.log(label.padEnd(26) + (1000 * pass).toFixed(0).padStart(10) + row.join(''));
}
console.log(`\nworst ${worst.toFixed(1)} passes`);
if (worst > MOST_PASSES) {
  console.error(`Reading must cost at most ${MOST_PASSES} passes.`);
  process.exitCode = 1;
}
report({
  numericAnswer: longAnswerNs,
  hostileAnswer: [worstMs / slower],
});
