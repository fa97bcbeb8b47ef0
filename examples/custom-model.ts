// Models of one's own: a plain function, a promise that is told when it is no longer wanted, an Observable.
import { setTimeout as wait } from 'node:timers/promises';
import { createEnsemble, defineModel } from 'crucible-ensemble';
import { map, timer } from 'rxjs';

const table = defineModel('lookup-table', (question) =>
  question.includes('France') ? { text: 'Paris', confidence: 0.99, costUsd: 0 } : 'I do not know',
);

// What `fetch(url, { signal })` would be: pass the signal on, and the request ends with the election.
const remote = defineModel('remote', async (_question, { signal, request }) => {
  signal.addEventListener('abort', () => console.log('remote: the answer is no longer wanted'));
  await wait(5000, undefined, { signal });
  return `After ${request.messages.length} messages: Paris`;
});

const reactive = defineModel('reactive', () =>
  timer(50).pipe(map(() => ({ text: 'Paris.', confidence: 0.8 }))),
);

const broken = defineModel('broken', () => {
  throw new RangeError('out of cheese');
});

const ensemble = createEnsemble({
  models: [table, remote, reactive, broken],
  // Two of four agree, one has failed, and the one still out cannot turn that over.
  earlyStop: 'decided',
});

const { text, outcomes, metadata } = await ensemble.predict({
  system: 'Answer with the name of a city.',
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
});
console.log(`${text} (consensus ${metadata.consensus})`);
for (const outcome of outcomes) {
  console.log(
    `  ${outcome.model}: ${outcome.status}${outcome.status === 'failed' ? `, ${outcome.error.message}` : ''}`,
  );
}
