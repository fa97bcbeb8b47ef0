// The four voting strategies on the same panel and the same 200 questions.
import { createEnsemble, simulated } from 'crucible-ensemble';

// The strong model knows when it is right; three weak ones are less sure of themselves, and often wrong.
const models = [
  simulated({ id: 'strong', accuracy: 0.9, confidence: (isRight) => (isRight ? 0.95 : 0.5) }),
  ...[1, 2, 3].map((seed) =>
    simulated({ id: `weak-${seed}`, accuracy: 0.6, confidence: (isRight) => (isRight ? 0.6 : 0.4) }),
  ),
];
const questions = Array.from({ length: 200 }, (_, index) => ({ a: index + 3, b: 2 * index + 1 }));

const row = (...cells: readonly string[]): void => {
  console.log(cells.map((cell, column) => (column === 0 ? cell.padEnd(16) : cell.padStart(10))).join(''));
};

row('strategy', 'answered', 'right', 'wrong', 'consensus');
for (const strategy of ['majority', 'weighted', 'bestConfidence', 'unanimous'] as const) {
  const ensemble = createEnsemble({ models, strategy, normalization: 'numeric' });
  const predictions = ensemble.predictAll(
    questions.map(({ a, b }) => `What is ${a} * ${b}?`),
    { onError: () => 'no prediction' as const },
  );
  let right = 0;
  let answered = 0;
  let consensus = 0;
  let index = 0;
  for await (const prediction of predictions) {
    const { a, b } = questions[index] ?? { a: 0, b: 0 };
    index += 1;
    if (prediction === 'no prediction') continue;
    answered += 1;
    consensus += prediction.metadata.consensus;
    if (prediction.answer === a * b) right += 1;
  }
  row(strategy, `${answered}`, `${right}`, `${answered - right}`, (consensus / answered).toFixed(2));
}
