// Without RxJS: `for await` over events, over a source of any size, and `break` to end it.
import { createEnsemble, simulated } from 'crucible-ensemble';

const ensemble = createEnsemble({
  models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1, latencyMs: 2 * seed })),
  normalization: 'numeric',
});

console.log('The first response is enough; leaving the loop aborts the other calls:');
for await (const event of ensemble.stream('What is 6 * 7?')) {
  if (event.type !== 'response') continue;
  console.log(`  ${event.model}: ${event.response.text}`);
  break;
}

// Questions are read only while a place is free, so the source may be a file, a queue, or endless.
let read = 0;
async function* questions(): AsyncGenerator<string> {
  try {
    for (let number = 1; ; number += 1) {
      read += 1;
      yield `What is ${number} ^ 2?`;
    }
  } finally {
    console.log('  (the source is closed)');
  }
}

console.log('Squares below 30, from an endless source:');
for await (const { query, answer } of ensemble.predictAll(questions(), {
  concurrency: 4,
  onError: 'throw',
})) {
  if (answer >= 30) break;
  console.log(`  ${query} ${answer}`);
}
console.log(`  ${read <= 6 + 4 ? 'at most' : 'more than'} ${4} questions were read ahead`);

console.log('Several at a time, as they complete, with failures as values:');
const texts = ['What is 1 + 1?', 'What is love?', 'What is 2 + 2?'];
const options = { ordered: false, onError: (error: unknown, query: unknown) => ({ query, error }) };
const results: string[] = [];
for await (const result of ensemble.predictAll(texts, options)) {
  results.push('error' in result ? `  ${result.query} no prediction` : `  ${result.query} ${result.answer}`);
}
console.log(results.toSorted().join('\n'));
