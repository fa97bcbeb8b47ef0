import { experimentFlags, runFlags } from './experiment-flags.ts';
import type { Flag, Flags } from './flags.ts';
import { mcpFlags } from './mcp-flags.ts';
import { predictFlags } from './predict-flags.ts';
import { serveFlags } from './serve-flags.ts';
import { tuneFlags } from './tune-flags.ts';

/** The argument of a command. */
export interface Argument extends Pick<Flag, 'description' | 'names' | 'completes'> {
  /** In angle brackets if it is required, or else in square brackets. */
  readonly value: `<${string}>` | `[${string}]`;
}

/** A command: parsing, help and shell completion read it. */
export interface Command {
  readonly description: string;
  readonly argument?: Argument;
  readonly flags: Readonly<Record<string, Flag>>;
  /** The end of its help. */
  readonly notes?: string;
}

/** The name of the program. */
export const NAME = 'crucible-ensemble';

/** The names of the commands. */
export type CommandName =
  | 'predict'
  | 'models'
  | 'init'
  | 'run'
  | 'rescore'
  | 'report'
  | 'tune'
  | 'serve'
  | 'mcp'
  | 'completion'
  | 'help';

/** The notes on `predict`, which is also what the program does without a command. */
export const examples = `Examples:
  $ ${NAME} predict "What is 17 * 23?"
  $ ${NAME} predict "What is 2 ^ 10?" -n numeric --early-stop decided
  $ ${NAME} predict "What is 6 * 7?" -e hedged --hedge-delay-ms 200
  $ ${NAME} predict "What is 6 * 7?" --json | jq .answer
  $ echo "What is 6 * 7?" | ${NAME} predict -
  $ ${NAME} predict "Is 17077 prime?" \\
      --models openai/gpt-6-luna,anthropic_haiku,ollama/llama3.2
  $ ${NAME} predict - --replay answers.jsonl.gz --choices A,B < q.txt

Exit codes: 0 answered, 1 no prediction, 2 usage error, 130 interrupted,
143 terminated.`;

const ofExperiment = (description: string, flags: Flags<object>, notes: string): Command => ({
  description,
  argument: {
    value: '<experiment>',
    description: 'a JSON or YAML file, or a module with the experiment as its default export',
    completes: 'files',
  },
  flags,
  notes,
});

const runNotes = `Exit codes: 0 done, 1 failed or stopped partway (for example, the journal could
not be written, or --max-usd is reached), 2 usage error, 130 interrupted, 143
terminated.`;

const experimentNotes = `Exit codes: 0 done, 1 failed partway (for example, the journal could not be
written), 2 usage error, 130 interrupted, 143 terminated.`;

/** The commands by name, in the order of the help. */
export const commands: Readonly<Record<CommandName, Command>> = {
  predict: {
    description: 'Ask one question.',
    argument: { value: '[question]', description: 'the question; - reads it from standard input' },
    flags: predictFlags,
    notes: examples,
  },
  models: {
    description: 'List the models by name, with prices.',
    flags: { json: { description: 'print the list as one JSON document' } },
    notes: 'Other models of these providers work too, as provider/model.',
  },
  init: {
    description: 'Write an example experiment and its dataset, as a starting point.',
    argument: { value: '[folder]', description: 'where to write them (default: .)', completes: 'files' },
    flags: { yaml: { description: 'write the experiment as YAML' } },
  },
  run: ofExperiment('Run an experiment, or continue it from its journal.', runFlags, runNotes),
  rescore: ofExperiment(
    'Run an experiment on its recorded calls only; makes no calls.',
    experimentFlags,
    experimentNotes,
  ),
  report: ofExperiment(
    'Rescore an experiment and write a report next to it; makes no calls.',
    experimentFlags,
    experimentNotes,
  ),
  tune: ofExperiment(
    'Choose a panel from the recorded calls of an experiment; makes no calls.',
    tuneFlags,
    `Without an aim, tune chooses the most accurate panel, and overwrites no panel
with another aim unless --panel names its file.

Exit codes: 0 done, 1 the chosen panel is not expected to meet the aim (it is
the closest one, and written), 2 usage error, 130 interrupted and 143
terminated (no panel is written).`,
  ),
  serve: {
    description: 'Serve ensembles to clients of OpenAI and Anthropic.',
    flags: serveFlags,
    notes: `Needs srvx: npm install srvx. SIGHUP reads the configuration again.

Exit codes: 0 interrupted or terminated, 2 usage error.`,
  },
  mcp: {
    description: 'Serve ensembles to agents, as tools of the Model Context Protocol over stdio.',
    flags: mcpFlags,
    notes: `Needs @modelcontextprotocol/server: npm install @modelcontextprotocol/server.
The tools are ask_panel, list_panels and explain_prediction.

Exit codes: 0 the client has closed standard input, 2 usage error.`,
  },
  completion: {
    description: 'Print a script that completes commands, options, models and files in a shell.',
    argument: { value: '<shell>', description: 'bash, zsh or fish', names: ['bash', 'zsh', 'fish'] },
    flags: {},
    notes: `bash: add this line to ~/.bashrc:
  source <(${NAME} completion bash)
zsh: add this line to ~/.zshrc, after compinit:
  source <(${NAME} completion zsh)
fish: run this once:
  ${NAME} completion fish > ~/.config/fish/completions/${NAME}.fish`,
  },
  help: {
    description: 'Print the help of a command.',
    argument: { value: '[command]', description: 'the command' },
    flags: {},
  },
};

/** Whether a word is the name of a command. */
export const isCommand = (word: string | undefined): word is CommandName =>
  word !== undefined && Object.hasOwn(commands, word);
