/**
 * Prints how an ensemble of replayed models does on recorded answers of real ones, beside the counts that
 * independent scripts made of the same data; and what stopping at `decided` saves without changing one
 * answer. Takes the folder of the recordings as its argument (`../shared/data`).
 */
import { resolve } from 'node:path';
import { evaluate, recordings } from './recorded-answers/evaluate.ts';

const folder = resolve(process.argv[2] ?? '../shared/data');
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

for (const recording of recordings(folder)) {
  const { name, reference } = recording;
  const result = await evaluate(recording);
  const { questions, models } = result;
  console.log(`\n${name}: ${questions} questions, ${models.length} models, replayed in parallel`);
  console.log(
    `  ${'correct'.padEnd(30)}${'here'.padStart(7)}${'reference'.padStart(11)}${'difference'.padStart(12)}`,
  );
  const row = (label: string, here: number, expected: number): void => {
    const difference = ((100 * (here - expected)) / questions).toFixed(2);
    console.log(
      `  ${label.padEnd(30)}${String(here).padStart(7)}${String(expected).padStart(11)}${`${difference} pp`.padStart(12)}`,
    );
  };
  for (const { id, correct } of models) row(id, correct, reference.single[id] ?? Number.NaN);
  row('majority', result.majority, reference.plurality);
  console.log(
    `  decided: ${result.differing} of ${questions} answers differ from the full run; ` +
      `${result.callsSaved} of ${result.calls} calls saved (${percent(result.callsSaved, result.calls)})`,
  );
}
