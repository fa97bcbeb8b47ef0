import { Command, CommanderError } from 'commander';
import { closest } from '../domain/closest.ts';
import { ConfigError, CrucibleError } from '../domain/errors.ts';
import { looksLikeKey, plainName } from '../domain/quoting.ts';
import { printable } from '../rendering/printable.ts';
import type { CliContext } from './cli-context.ts';
import { inCommandLineWords } from './command-line-words.ts';
import { exitCodes } from './exit-codes.ts';
import { type ExperimentFlags, experimentFlags } from './experiment-flags.ts';
import { addFlags, type Flags, flagOf } from './flags.ts';
import { createOutput, type Output } from './output.ts';
import { type PredictFlags, parsePredictFlags, predictFlags } from './predict-flags.ts';
import { type TuneFlags, tuneFlags } from './tune-flags.ts';
import { version } from './version.ts';

const NAME = 'crucible-ensemble';
const seeHelp = (command: string | undefined): string =>
  `See ${NAME} ${commands.includes(command ?? '') && command !== 'help' ? command : 'predict'} --help.`;

const examples = `
Examples:
  $ ${NAME} predict "What is 17 * 23?"
  $ ${NAME} predict "What is 2 ^ 10?" -n numeric --early-stop decided
  $ ${NAME} predict "What is 6 * 7?" -e hedged --hedge-delay-ms 200
  $ ${NAME} predict "What is 6 * 7?" --json | jq .answer
  $ echo "What is 6 * 7?" | ${NAME} predict -
  $ ${NAME} predict "Is 17077 prime?" \\
      --models openai/gpt-6-luna,anthropic_haiku,ollama/llama3.2
  $ ${NAME} predict - --replay answers.jsonl.gz --choices A,B < q.txt

Exit codes: 0 answered, 1 no prediction, 2 usage error, 130 interrupted.`;

const experimentHelp = `
Exit codes: 0 done, 1 failed partway (for example, the journal could not be
written), 2 usage error, 130 interrupted.`;

const tuneHelp = `
Without an aim, tune chooses the most accurate panel, and overwrites no panel
with another aim unless --panel names its file.

Exit codes: 0 done, 1 the chosen panel is not expected to meet the aim (it is
the closest one, and written), 2 usage error, 130 interrupted (no panel is
written).`;

/**
 * Runs the command line and resolves with its exit code. It takes everything from `context` and does not end the
 * process, so a test can run it within its own process.
 */
export const run = async (context: CliContext): Promise<number> => {
  const output = createOutput(context.stdout);
  const errors = createOutput(context.stderr);
  const code = await dispatch(context, output, errors);
  const failure = await output.flushed();
  if (failure !== undefined && failure.code !== 'EPIPE') {
    errors.print(`${NAME}: the output cannot be written (${failure.code ?? failure.message})`);
  }
  await errors.flushed();
  if (failure === undefined || context.signal.aborted) return code;
  // A reader that closes the pipe early, such as `head`, is not a failure.
  return failure.code === 'EPIPE' ? exitCodes.success : exitCodes.failure;
};

const dispatch = async (context: CliContext, output: Output, errors: Output): Promise<number> => {
  const { argv, signal, stdout, stderr } = context;
  const commandContext = { ...context, output, errors };
  let code: number = exitCodes.success;
  const program = new Command(NAME)
    .description('Ask several language models one question and vote on the answers.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'Print the help of a command.')
    .addHelpText('after', `\nThe options of predict: ${NAME} predict --help\n${examples}`)
    .exitOverride()
    .showHelpAfterError(seeHelp(argv[0]))
    .configureOutput({
      writeOut: (text) => output.print(text.trimEnd()),
      writeErr: (text) => errors.print(text.trimEnd()),
      outputError: (text, write) => write(withoutKeys(text.replace(/^error: /, `${NAME}: `))),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
    });
  const command = addFlags(program.command('predict', { isDefault: true }), predictFlags)
    .description('Ask one question.')
    .argument('[question]', 'the question; - reads it from standard input')
    .addHelpText('after', examples)
    // Unknown flags are reported together with the other faults; commander would stop at the first.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      const { flags, faults } = parsePredictFlags(command.opts());
      const parsed = { flags, faults: [...argumentFaults(argv, command, flags), ...faults] };
      const { predict } = await import('./predict.ts');
      code = await predict(command.args[0] ?? '', parsed, commandContext);
    });

  program
    .command('models')
    .description('List the models by name, with prices.')
    .option('--json', 'print the list as one JSON document')
    .addHelpText('after', '\nOther models of these providers work too, as provider/model.')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { listModels } = await import('./models.ts');
      await listModels({ json }, output);
    });

  program
    .command('init')
    .description('Write an example experiment with its dataset, to be changed.')
    .argument('[folder]', 'where to write them', '.')
    .option('--yaml', 'write the experiment as YAML')
    .action(async (folder: string, flags: { yaml?: boolean }) => {
      const { writeExample } = await import('./write-example.ts');
      code = await writeExample(folder, flags, output);
    });

  const experimentCommand = (
    name: string,
    description: string,
    flags: Flags<object>,
    help: string,
  ): Command =>
    addFlags(program.command(name), flags)
      .description(description)
      .argument('<experiment>', 'a JSON or YAML file, or a module with the experiment as its default export')
      .addHelpText('after', help);
  for (const [name, description, onMiss] of [
    ['run', 'Run an experiment, or continue it from its journal.', 'call'],
    ['rescore', 'Run an experiment on its recorded calls only; makes no calls.', 'error'],
    ['report', 'Rescore an experiment and write a report beside it; makes no calls.', 'error'],
  ] as const) {
    experimentCommand(name, description, experimentFlags, experimentHelp).action(
      async (path: string, flags: ExperimentFlags) => {
        const report = name === 'report' ? [path.replace(/(\.\w+)?$/, '.html')] : [];
        const { runExperimentFile } = await import('./run-experiment-file.ts');
        code = await runExperimentFile(path, onMiss, { report, ...flags }, commandContext);
      },
    );
  }
  experimentCommand(
    'tune',
    'Choose a panel from the recorded calls of an experiment; makes no calls.',
    tuneFlags,
    tuneHelp,
  ).action(async (path: string, flags: TuneFlags) => {
    const { tuneExperimentFile } = await import('./tune-experiment-file.ts');
    code = await tuneExperimentFile(path, flags, commandContext);
  });

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    // The interrupt came while a file or the question was being read.
    if (signal.aborted) return exitCodes.interrupted;
    if (error instanceof ConfigError) {
      errors.print(...usageLines(error.faults, seeHelp(argv[0])));
      return exitCodes.usage;
    }
    if (!(error instanceof CrucibleError)) throw error;
    const { experimentFailureLines } = await import('./experiment-failure-lines.ts');
    errors.print(...experimentFailureLines(error));
    return exitCodes.failure;
  }
};

/** Returns the faults of the arguments that are not known flags. A question such as "-5 + 3" is not a flag. */
const argumentFaults = (
  argv: readonly string[],
  { args }: Command,
  { input, lines }: PredictFlags,
): string[] => {
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  const unknown = args.filter((argument) => /^-(?:-.|[a-z])/i.test(argument) && before.includes(argument));
  if (unknown.length > 0) return unknown.map(unknownFlag);
  const source = lines === true ? '--lines' : input === undefined ? undefined : '--input';
  if (source !== undefined)
    return args.length === 0 ? [] : [`a question and ${source} exclude each other; remove one`];
  const meant = argv[0] === 'predict' ? undefined : meantCommand(args[0] ?? '');
  if (meant !== undefined) return [meant];
  if (args.length > 1) return [`expected one question, but got ${args.length} arguments: put it in quotes`];
  return args[0] === undefined || args[0].trim() === ''
    ? [
        'the question is missing; put it in quotes, use - to read it from standard input, or --input <file> for many',
      ]
    : [];
};

const commands = ['predict', 'models', 'init', 'run', 'rescore', 'report', 'tune', 'help'];

/** The fault of a first word that is probably a misspelt command. A question has several words. */
const meantCommand = (word: string): string | undefined => {
  const letters = (text: string): string => [...text].sort().join('');
  const meant = /^[a-z-]{3,}$/i.test(word)
    ? (commands.find((command) => letters(command) === letters(word)) ?? closest(word, commands))
    : undefined;
  return meant === undefined
    ? undefined
    : `there is no command ${plainName(word)}; did you mean ${meant}? To ask it as a question, write ${NAME} predict "${plainName(word)}"`;
};

/** Returns a message of commander with no key of the command line in it. */
const withoutKeys = (message: string): string =>
  message
    .replace(/(but got \d+): .*/, '$1.')
    .replace(/'([^']+)'/g, (text, given: string) => (looksLikeKey(given) ? plainName(given) : text));

const unknownFlag = (flag: string): string => {
  const name = flag
    .replace(/^-+|=.*/gs, '')
    .replace(/-+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const meant = closest(name, Object.keys(predictFlags));
  // The value of a flag may be a key.
  const given = plainName(flag.replace(/=.*/s, ''));
  return `unknown option ${given}${meant === undefined ? '' : `; did you mean ${flagOf(meant)}?`}`;
};

const usageLines = (faults: readonly string[], seeHelpLine: string): string[] => {
  const shown = faults.map((fault) => printable(inCommandLineWords(fault), 400));
  return [
    ...(shown.length === 1
      ? [`${NAME}: ${shown[0]}`]
      : [`${NAME}: ${shown.length} problems`, ...shown.map((fault) => `- ${fault}`)]),
    seeHelpLine,
  ];
};
