import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../domain/errors.ts';
import { shownPath } from '../domain/quoting.ts';
import { printable } from '../rendering/printable.ts';
import { exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';

const experiment = `// An experiment: which panel answers these questions best, and what does it cost?
//
//   crucible-ensemble run experiment.jsonc       asks the models, and shows a table
//   crucible-ensemble report experiment.jsonc    writes a page from the recorded answers, without a call
//   crucible-ensemble tune experiment.jsonc      chooses a panel by the recorded answers, without a call
{
  // Editors complete the fields by this schema, if the package is installed here.
  "$schema": "./node_modules/crucible-ensemble/schema/experiment.schema.json",

  // One question a line: { "id", "question", "expected" }.
  "dataset": "questions.jsonl",

  // Every answer is recorded, so that nothing is asked twice.
  "journal": "calls.jsonl",

  // These are simulated and can only do arithmetic, so that the experiment runs at once. Real ones are names:
  // "openai/gpt-6-luna", "ollama/llama3.2", { "model": "anthropic_haiku", "confidence": "stated" }.
  "models": [
    { "simulated": { "id": "small", "accuracy": 0.75, "costUsd": 0.0001 } },
    { "simulated": { "id": "medium", "accuracy": 0.85, "costUsd": 0.0004 } },
    { "simulated": { "id": "large", "accuracy": 0.95, "costUsd": 0.002 } }
  ],

  "conditions": {
    // All models vote.
    "vote": { "normalization": "numeric" },
    // The best one alone, to compare with.
    "large": { "models": ["large"], "normalization": "numeric" },
    // From the cheapest to the best, until two agree.
    "until two agree": { "normalization": "numeric", "execution": "sequential", "earlyStop": "decided" }
  }
}
`;

const yaml = `# yaml-language-server: $schema=./node_modules/crucible-ensemble/schema/experiment.schema.json

# An experiment: which panel answers these questions best, and what does it cost?
#
#   crucible-ensemble run experiment.yaml       asks the models, and shows a table
#   crucible-ensemble report experiment.yaml    writes a page from the recorded answers, without a call
#   crucible-ensemble tune experiment.yaml      chooses a panel by the recorded answers, without a call

# One question a line: { "id", "question", "expected" }.
dataset: questions.jsonl

# Every answer is recorded, so that nothing is asked twice.
journal: calls.jsonl

# These are simulated and can only do arithmetic, so that the experiment runs at once. Real ones are names:
# openai/gpt-6-luna, ollama/llama3.2, { model: anthropic_haiku, confidence: stated }.
models:
  - simulated: { id: small, accuracy: 0.75, costUsd: 0.0001 }
  - simulated: { id: medium, accuracy: 0.85, costUsd: 0.0004 }
  - simulated: { id: large, accuracy: 0.95, costUsd: 0.002 }

conditions:
  # All models vote.
  vote: { normalization: numeric }
  # The best one alone, to compare with.
  large: { models: [large], normalization: numeric }
  # From the cheapest to the best, until two agree.
  until two agree: { normalization: numeric, execution: sequential, earlyStop: decided }
`;

/** More than the 20 questions that `tune` needs. Simulated models can only do arithmetic. */
const questions = [
  ['What is 17 * 23?', 391],
  ['What is 144 / 12?', 12],
  ['What is 2 ^ 10?', 1024],
  ['What is 99 + 101?', 200],
  ['What is 1000 - 387?', 613],
  ['What is 6 * 7?', 42],
  ['What is 81 / 9?', 9],
  ['What is 13 * 13?', 169],
  ['What is 512 + 256?', 768],
  ['What is 45 - 54?', -9],
  ['What is 29 * 31?', 899],
  ['What is 7 ^ 3?', 343],
  ['What is 1024 / 64?', 16],
  ['What is 333 + 667?', 1000],
  ['What is 500 - 123?', 377],
  ['What is 25 * 25?', 625],
  ['What is 3 ^ 5?', 243],
  ['What is 132 / 11?', 12],
  ['What is 48 + 76?', 124],
  ['What is 90 - 135?', -45],
  ['What is 12 * 15?', 180],
  ['What is 225 / 15?', 15],
  ['What is 999 + 1?', 1000],
  ['What is 64 * 16?', 1024],
] as const;

const dataset = questions
  .map(([question, expected], index) => `${JSON.stringify({ id: `q${index + 1}`, question, expected })}\n`)
  .join('');

/** The files of the example, by name. */
const filesOf = (isYaml: boolean): readonly (readonly [string, string])[] => [
  ['questions.jsonl', dataset],
  isYaml ? ['experiment.yaml', yaml] : ['experiment.jsonc', experiment],
];

/**
 * Writes an example experiment, as JSON or YAML, with its dataset, and resolves with the exit code. Overwrites nothing.
 *
 * @throws {ConfigError} if a file exists or cannot be written.
 */
export const writeExample = async (
  folder: string,
  { yaml: isYaml = false }: { readonly yaml?: boolean },
  output: Output,
): Promise<number> => {
  const files = filesOf(isYaml);
  await mkdir(folder, { recursive: true }).catch((error) => refuseFile(folder, error));
  const present = new Set(await readdir(folder));
  for (const [name] of files) if (present.has(name)) refuseFile(join(folder, name), { code: 'EEXIST' });
  for (const [name, content] of files) {
    const path = join(folder, name);
    await writeFile(path, content, { flag: 'wx' }).catch((error) => refuseFile(path, error));
    output.print(`wrote ${printable(path)}`);
  }
  output.print(`Run it: crucible-ensemble run ${printable(join(folder, files.at(-1)?.[0] ?? ''))}`);
  return exitCodes.success;
};

const refuseFile = (path: string, { code }: Pick<NodeJS.ErrnoException, 'code'>): never => {
  throw new ConfigError([
    code === 'EEXIST'
      ? `${shownPath(path)} exists already; choose another folder: crucible-ensemble init <folder>`
      : `${shownPath(path)} cannot be written (${code})`,
  ]);
};
