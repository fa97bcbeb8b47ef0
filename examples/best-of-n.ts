// Models write a program; the first answer that passes the tests wins. This is no sandbox: see docs/checks.md.
import { createEnsemble, defineModel, firstAnswer, NoPredictionError } from 'crucible-ensemble';
import { codeIn } from 'crucible-ensemble/checks';
import { unitTests } from 'crucible-ensemble/node';

const tests = `
  import test from 'node:test';
  import assert from 'node:assert/strict';
  import { isLeap } from './code.mjs';
  test('every fourth year', () => assert.equal(isLeap(2024), true));
  test('no century', () => assert.equal(isLeap(1900), false));
  test('every fourth century', () => assert.equal(isLeap(2000), true));
`;

// In place of real models: answers as models write them, with a word around the code.
const answers = {
  brief: 'for (;;);',
  fourth: 'export const isLeap = (year) => year % 4 === 0;',
  centuries: 'export const isLeap = (year) => year % 4 === 0 && year % 100 !== 0;',
  broken: 'export const isLeap = (year) => {',
  whole: 'export const isLeap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;',
};
const models = Object.entries(answers).map(([id, code]) =>
  defineModel(id, () => ({ text: `Here it is:\n\n\`\`\`js\n${code}\n\`\`\`\n`, costUsd: 0.001 })),
);
const options = {
  normalization: codeIn,
  check: unitTests({ tests, timeoutMs: 5_000 }),
  minResponses: 1,
};
const question = 'Write isLeap(year) as a JavaScript module.';

// All answers are tested: those that pass vote.
const all = await createEnsemble({ ...options, models }).predict(question);
for (const outcome of all.outcomes)
  console.log(`${outcome.model}: ${outcome.status === 'abstained' ? outcome.reason : outcome.status}`);

// The first one that passes wins. What is still running is ended.
const first = await createEnsemble({ ...options, models, earlyStop: firstAnswer() }).predict(question);
console.log(
  `\npassed: ${first.outcomes.find(({ status }) => status === 'answered')?.model}\n${first.answer}`,
);

// Without the one that passes, the error has the answer that came closest.
try {
  await createEnsemble({
    ...options,
    models: models.filter(({ id }) => id !== 'whole' && id !== 'brief'),
  }).predict(question);
} catch (error) {
  if (!(error instanceof NoPredictionError)) throw error;
  const { model, reason } = error.nearestMiss ?? {};
  console.log(`no answer passes; the nearest is that of ${model}: ${reason}`);
}
