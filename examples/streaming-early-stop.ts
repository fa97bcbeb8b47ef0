// Events while they happen, and an end as soon as enough of the panel agrees: the calls still out are aborted.
import { createEnsemble, simulated } from 'crucible-ensemble';

const ensemble = createEnsemble({
  models: [1, 2, 3, 4, 5].map((number) =>
    simulated({ id: `model-${number}`, accuracy: number === 2 ? 0 : 1, latencyMs: 60 * number }),
  ),
  normalization: 'numeric',
});

// 0.6 of a panel of five: three votes for one answer.
for await (const event of ensemble.stream('What is 6 * 7?', { earlyStop: 0.6 })) {
  switch (event.type) {
    case 'response':
      console.log(`${event.model} says ${event.response.text}`);
      break;
    case 'failure':
      console.log(`${event.model} failed: ${event.error.message}`);
      break;
    case 'consensus':
      console.log(`  ${event.leader} leads with ${(100 * event.consensus).toFixed(0)} % of the votes so far`);
      break;
    case 'complete': {
      const { answer, outcomes, metadata } = event.prediction;
      console.log(`\nThe answer is ${answer}, with ${metadata.votes[String(answer)]} votes.`);
      const aborted = outcomes.filter(({ status }) => status === 'cancelled').map(({ model }) => model);
      console.log(`Aborted: ${aborted.join(', ')}`);
    }
  }
}

// `decided` asks for no share: it stops once the calls still out could no longer change the answer.
const { metadata } = await ensemble.predict('What is 6 * 7?', { earlyStop: 'decided' });
console.log(`\nDecided after ${metadata.successes} votes; calls aborted: ${metadata.cancelled}.`);
