// One question, three models, one answer: with how sure it is, what it cost, and what each model said.
import { createEnsemble, NoPredictionError, simulated } from 'crucible-ensemble';

const ensemble = createEnsemble({
  models: [
    simulated({ id: 'small', accuracy: 0.8, latencyMs: 20, costUsd: 0.0002 }),
    simulated({ id: 'medium', accuracy: 0.9, latencyMs: 40, costUsd: 0.0009 }),
    simulated({ id: 'large', accuracy: 1, latencyMs: 60, costUsd: 0.0031 }),
  ],
  normalization: 'numeric',
});

const { answer, metadata, outcomes } = await ensemble.predict('What is 17 * 23?');

console.log(`17 * 23 is ${answer}`);
console.log(`consensus ${metadata.consensus.toFixed(2)}, votes ${JSON.stringify(metadata.votes)}`);
console.log(`cost $${metadata.costUsd?.toFixed(4)}, ${metadata.successes} of ${outcomes.length} calls voted`);
for (const outcome of outcomes) {
  console.log(
    `  ${outcome.model}: ${outcome.status === 'answered' ? outcome.response.text : outcome.status}`,
  );
}

// No prediction is an error of a known kind, and it too accounts for every call.
try {
  await ensemble.predict('What is love?');
} catch (error) {
  if (!(error instanceof NoPredictionError)) throw error;
  console.log(`\n${error.name}: ${error.message}`);
}
