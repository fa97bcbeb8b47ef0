/** What it costs to read an answer: ns per short answer, and ms per 64 KB of every hostile text. */
import { z } from 'zod';
import { boolean } from '../src/normalizers/boolean.ts';
import { choice } from '../src/normalizers/choice.ts';
import { json } from '../src/normalizers/json.ts';
import { lowercaseTrim } from '../src/normalizers/lowercase-trim.ts';
import { numeric } from '../src/normalizers/numeric.ts';
import { schema } from '../src/normalizers/schema.ts';
import { hostileTexts } from '../test/normalizers/hostile-texts.ts';

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

const rounds = 300_000;
console.log('ns per short answer');
for (const [name, texts] of Object.entries(shortAnswers)) {
  const normalize = normalizers[name as keyof typeof normalizers];
  for (const text of texts) {
    for (let round = 0; round < 50_000; round++) normalize(text);
    const start = performance.now();
    for (let round = 0; round < rounds; round++) normalize(text);
    const ns = ((performance.now() - start) / rounds) * 1e6;
    console.log(`  ${name.padEnd(14)} ${JSON.stringify(text).padEnd(28)} ${ns.toFixed(0).padStart(6)}`);
  }
}

const size = 65_536;
console.log(
  `\nms per 64 KB, median of 9\n${'text'.padEnd(26)}${Object.keys(normalizers)
    .map((name) => name.padStart(14))
    .join('')}`,
);
let worst = 0;
for (const [label, text] of hostileTexts(size)) {
  const row = Object.values(normalizers).map((normalize) => {
    const runs = Array.from({ length: 9 }, () => {
      const start = performance.now();
      normalize(text);
      return performance.now() - start;
    }).sort((a, b) => a - b);
    const median = runs[4] ?? 0;
    worst = Math.max(worst, median);
    return median.toFixed(2).padStart(14);
  });
  console.log(label.padEnd(26) + row.join(''));
}
console.log(`\nworst ${worst.toFixed(2)} ms per 64 KB`);
