import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { textSimilarity } from '../normalizers/text-similarity.ts';
import { printable } from '../rendering/printable.ts';
import type { CliContext } from './cli-context.ts';
import { exitCodes } from './exit-codes.ts';
import { type ExperimentFlags, experimentFlags, parseExperimentFlags } from './experiment-flags.ts';
import { listModels } from './models.ts';
import { createOutput, type Output } from './output.ts';
import { parseFlags } from './parse-flags.ts';
import { predict } from './predict.ts';
import { predictFlags } from './predict-flags.ts';
import { runExperimentFile } from './run-experiment-file.ts';
import { tuneExperimentFile } from './tune-experiment-file.ts';
import { parseTuneFlags, type RawTuneFlags, tuneFlags } from './tune-flags.ts';

const NAME = 'crucible-ensemble';
const seeHelp = (command: string | undefined): string =>
  `See ${NAME} ${['run', 'rescore', 'report', 'tune'].includes(command ?? '') ? command : 'predict'} --help.`;

const examples = `
Examples:
  $ ${NAME} predict "What is 17 * 23?"
  $ ${NAME} predict "What is 2 ^ 10?" --normalization numeric --early-stop decided
  $ ${NAME} predict "What is 6 * 7?" --execution hedged --hedge-delay-ms 200
  $ ${NAME} predict "What is 6 * 7?" --json | jq .answer
  $ echo "What is 6 * 7?" | ${NAME} predict -
  $ ${NAME} predict "Is 17077 prime?" --models openai/gpt-6-luna,anthropic_haiku,ollama/llama3.2
  $ ${NAME} predict - --replay answers.jsonl.gz --choices A,B,C,D < question.txt

Exit codes: 0 answered, 1 no prediction, 2 usage, 130 interrupted.`;

const experimentHelp = `
Exit codes: 0 done, 1 ended early (the journal cannot be written, say), 2 usage, 130 interrupted.`;

const tuneHelp = `
Exit codes: 0 done, 1 no panel meets the aim (the nearest is written), 2 usage, 130 interrupted.`;

/**
 * Runs the command line and yields its exit code. It takes everything from its surroundings and ends
 * nothing but itself, so a test can run it within its own process.
 */
export const run = async (surroundings: CliContext): Promise<number> => {
  const output = createOutput(surroundings.stdout);
  const errors = createOutput(surroundings.stderr);
  const code = await dispatch(surroundings, output, errors);
  const failure = await output.flushed();
  if (failure !== undefined && failure.code !== 'EPIPE') {
    errors.print(`${NAME}: the output cannot be written (${failure.code ?? failure.message})`);
  }
  await errors.flushed();
  if (failure === undefined || surroundings.signal.aborted) return code;
  // A reader that has read enough, such as `head`, is no failure.
  return failure.code === 'EPIPE' ? exitCodes.answered : exitCodes.noPrediction;
};

const dispatch = async (surroundings: CliContext, output: Output, errors: Output): Promise<number> => {
  const { argv, signal, stdout, stderr } = surroundings;
  let code: number = exitCodes.answered;
  const program = new Command(NAME)
    .description('Ask several language models one question, and vote on the answers.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\nThe flags of predict: ${NAME} predict --help\n${examples}`)
    .exitOverride()
    .showHelpAfterError(seeHelp(argv[0]))
    .configureOutput({
      writeOut: (text) => output.print(text.trimEnd()),
      writeErr: (text) => errors.print(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, `${NAME}: `)),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const command = program
    .command('predict', { isDefault: true })
    .description('ask one question')
    .argument('[question]', 'what is asked; - reads it from standard input')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', examples)
    // Unknown flags are collected with every other fault, where commander would stop at the first.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      const { flags, faults } = parseFlags(command.opts());
      const reading = { flags, faults: [...argumentFaults(argv, command), ...faults] };
      code = await predict(command.args[0] ?? '', reading, { ...surroundings, output, errors });
    });
  for (const { option } of Object.values(predictFlags)) command.addOption(option);

  program
    .command('models')
    .description('list the models that can be asked by name')
    .option('--json', 'as one JSON document')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', '\nAny other model of a known provider can be asked too, as provider/model.')
    .action(({ json = false }: { json?: boolean }) => listModels({ json }, output));

  for (const [name, description, onMiss] of [
    ['run', 'run an experiment; run it again to go on where it was', 'call'],
    ['rescore', 'perform the conditions of an experiment on what is recorded; asks nothing', 'error'],
    ['report', 'rescore, and write a report beside the experiment; asks nothing', 'error'],
  ] as const) {
    const subcommand = program
      .command(name)
      .description(description)
      .argument('<experiment>', 'a file: JSON, or a module that exports an experiment by default')
      .helpOption('-h, --help', 'print this help')
      .addHelpText('after', experimentHelp)
      .action(async (path: string, flags: ExperimentFlags) => {
        const report = name === 'report' ? [path.replace(/(\.\w+)?$/, '.html')] : undefined;
        const read = parseExperimentFlags(name, { ...given({ report }), ...flags });
        code = await runExperimentFile(path, onMiss, read, {
          ...surroundings,
          output,
          errors,
        });
      });
    for (const option of experimentFlags()) subcommand.addOption(option);
  }

  const tuning = program
    .command('tune')
    .description('choose a panel on what is recorded of an experiment; asks nothing')
    .argument('<experiment>', 'a file: JSON, or a module that exports an experiment by default')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\nWithout a bound, the most accurate panel is chosen.\n${tuneHelp}`)
    .action(async (path: string, flags: RawTuneFlags) => {
      code = await tuneExperimentFile(path, parseTuneFlags(path, flags), { ...surroundings, output, errors });
    });
  for (const option of tuneFlags()) tuning.addOption(option);

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.answered : exitCodes.usage;
    if (error instanceof ConfigError) {
      errors.print(...usageLines(error.faults, seeHelp(argv[0])));
      return exitCodes.usage;
    }
    // Reading the question or the recording was interrupted.
    if (signal.aborted) return exitCodes.interrupted;
    throw error;
  }
};

const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

/** What is wrong with the arguments that are no known flags: a question such as "-5 + 3" is none of them. */
const argumentFaults = (argv: readonly string[], { args, options }: Command): string[] => {
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  const unknown = args.filter((argument) => /^-(?:-.|[a-z])/i.test(argument) && before.includes(argument));
  if (unknown.length > 0) {
    const known = options.flatMap(({ long }) => long ?? []);
    return unknown.map((flag) => {
      const near = known.find((candidate) => textSimilarity(candidate, flag.replace(/=.*/s, '')) > 0.7);
      return `there is no flag ${flag}${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
  }
  if (args.length > 1) return [`expected one question, but got ${args.length} arguments: put it in quotes`];
  return args[0] === undefined || args[0].trim() === '' ? ['the question is missing'] : [];
};

const usageLines = (faults: readonly string[], seeHelpLine: string): string[] => {
  const shown = faults.map((fault) => printable(fault, 400));
  return [
    ...(shown.length === 1
      ? [`${NAME}: ${shown[0]}`]
      : [`${NAME}: ${shown.length} faults`, ...shown.map((fault) => `- ${fault}`)]),
    seeHelpLine,
  ];
};
