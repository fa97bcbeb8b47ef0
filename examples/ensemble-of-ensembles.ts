// Ensembles within ensembles, and an ensemble that checks the answer of another.
import { createEnsemble, defineModel, simulated } from 'crucible-ensemble';
import { lastValueFrom, map, switchMap } from 'rxjs';

const panel = (name: string, accuracy: number) =>
  createEnsemble({
    models: [1, 2, 3].map((seed) =>
      simulated({ id: `${name}-${seed}`, seed, accuracy, costUsd: accuracy / 1000 }),
    ),
    normalization: 'numeric',
  });

// Three cheap models together are one member: its confidence is their consensus, its cost their cost.
const small = panel('small', 0.7);
const council = createEnsemble({
  models: [small.asModel('three small ones'), simulated({ id: 'large', accuracy: 1, costUsd: 0.003 })],
  strategy: 'weighted',
  normalization: 'numeric',
});

const { answer, metadata } = await council.predict('What is 17 * 23?');
console.log(`The council says ${answer}: ${JSON.stringify(metadata.votes)}`);
console.log(
  `  ${Object.entries(metadata.costBreakdown)
    .map(([id, cost]) => `${id} $${cost?.toFixed(4)}`)
    .join(', ')}`,
);

// A second ensemble is asked whether the answer of the first is right; its members count in their own ways.
const verifier = createEnsemble({
  models: [
    defineModel('by multiplying', (claim) => {
      const [a = 0, b = 0, product] = claim.match(/\d+/g)?.map(Number) ?? [];
      return a * b === product ? 'Yes' : 'No';
    }),
    defineModel('by the last digit', (claim) => {
      const [a = 0, b = 0, product = 0] = claim.match(/\d+/g)?.map(Number) ?? [];
      return (a * b) % 10 === product % 10 ? 'Yes' : 'No';
    }),
    defineModel('by casting out nines', (claim) => {
      const [a = 0, b = 0, product = 0] = claim.match(/\d+/g)?.map(Number) ?? [];
      return (a * b) % 9 === product % 9 ? 'Yes' : 'No';
    }),
  ],
  normalization: 'boolean',
  strategy: 'unanimous',
});

for (const [a, b] of [
  [17, 23],
  [19, 21],
  [17, 25],
] as const) {
  const verdict$ = small
    .predict$(`What is ${a} * ${b}?`)
    .pipe(
      switchMap(({ answer: claimed }) =>
        verifier
          .predict$(`Is ${a} * ${b} = ${claimed}?`)
          .pipe(map(({ answer: isRight }) => ({ claimed, isRight }))),
      ),
    );
  const { claimed, isRight } = await lastValueFrom(verdict$);
  console.log(`${a} * ${b} = ${claimed}: ${isRight ? 'verified' : 'refuted'}`);
}
