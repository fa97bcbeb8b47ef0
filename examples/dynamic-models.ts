// The panel chosen by the question: `models` may be a function of the query.
import { createEnsemble, promptOf, simulated } from 'crucible-ensemble';

const calculators = ['abacus', 'slide-rule', 'calculator'].map((id) =>
  simulated({ id, accuracy: 1, costUsd: 0.0001 }),
);
const generalists = ['scholar', 'librarian'].map((id) =>
  simulated({ id, accuracy: 1, costUsd: 0.002, answer: 'It depends.' }),
);
const specialist = simulated({ id: 'poet', accuracy: 1, costUsd: 0.005, answer: 'Roses are red.' });

const ensemble = createEnsemble({
  models: (query) => {
    const question = promptOf(query);
    if (/\d\s*[-+*/^]\s*\d/.test(question)) return calculators;
    return /poem|rhyme/i.test(question) ? [specialist, ...generalists] : generalists;
  },
  strategy: 'majority',
});

for (const question of ['What is 12 * 12?', 'Is it better to rent or to buy?', 'Write me a poem.']) {
  const { text, metadata } = await ensemble.predict(question);
  console.log(`${question} → ${text}`);
  console.log(`  ${metadata.modelsUsed.join(', ')}; $${metadata.costUsd?.toFixed(4)}`);
}
