import { version } from '../domain/version.ts';
import type { CliContext, CommandContext } from './cli-context.ts';
import { type CommandName, commands, isCommand, NAME } from './commands.ts';
import { exitCodes } from './exit-codes.ts';
import type { RunFlags } from './experiment-flags.ts';
import { createOutput } from './output.ts';
import { type ParsedArguments, parseArguments } from './parse-arguments.ts';

/**
 * Runs the command line and resolves with its exit code. It takes everything from `context` and does not end the
 * process, so a test can run it within its own process.
 */
export const run = async (context: CliContext): Promise<number> => {
  const output = createOutput(context.stdout);
  const errors = createOutput(context.stderr);
  const code = await dispatch({ ...context, output, errors }, context);
  const failure = await output.flushed();
  if (failure !== undefined && failure.code !== 'EPIPE') {
    errors.print(`${NAME}: the output cannot be written (${failure.code ?? failure.message})`);
  }
  await errors.flushed();
  if (failure === undefined || context.signal.aborted) return code;
  // A reader that closes the pipe early, such as `head`, is not a failure.
  return failure.code === 'EPIPE' ? exitCodes.success : exitCodes.failure;
};

const dispatch = async (context: CommandContext, { argv, stdout }: CliContext): Promise<number> => {
  const { output, errors, signal } = context;
  const [first] = argv;
  const isNamed = isCommand(first);
  const name = isNamed ? first : 'predict';
  const parsed = parseArguments(isNamed ? argv.slice(1) : argv, commands[name].flags);
  if (parsed.isVersion) {
    output.print(version);
    return exitCodes.success;
  }
  const topic = name === 'help' ? parsed.args[0] : isNamed ? name : undefined;
  if (parsed.isHelp || (name === 'help' && (topic === undefined || isCommand(topic)))) {
    const { commandHelp, programHelp } = await import('./help.ts');
    const columns = stdout.columns ?? 100;
    output.print(isCommand(topic) ? commandHelp(topic, columns) : programHelp(columns));
    return exitCodes.success;
  }
  try {
    // Behind `--` stands a question, even if it looks like a command.
    return await perform({ name, isNamed: isNamed || argv.includes('--'), parsed }, context);
  } catch (error) {
    // The interrupt came while a file or the question was being read.
    if (signal.aborted) return exitCodes.interrupted;
    const { reportFailure } = await import('./usage.ts');
    return await reportFailure(error, name, errors);
  }
};

/** A command with its arguments. */
interface Call {
  readonly name: CommandName;
  /** Whether the command is certain: it is named, or a question follows. Otherwise a single word may be a misspelt command. */
  readonly isNamed: boolean;
  readonly parsed: ParsedArguments;
}

const perform = async ({ name, isNamed, parsed }: Call, context: CommandContext): Promise<number> => {
  const [argument = ''] = parsed.args;
  if (name === 'completion' && isPlain(parsed) && commands.completion.argument?.names?.includes(argument)) {
    const { completion } = await import('./completion/completion.ts');
    context.output.print(await completion(argument));
    return exitCodes.success;
  }
  const { argumentFaults } = await import('./usage.ts');
  const faults = argumentFaults(name, parsed, isNamed);
  if (name === 'predict') {
    const { parsePredictFlags } = await import('./parse-predict-flags.ts');
    const { flags, faults: flagFaults } = parsePredictFlags(parsed.values);
    const { predict } = await import('./predict.ts');
    return predict(argument, { flags, faults: [...faults, ...flagFaults] }, context);
  }
  const { refuse } = await import('../options.ts');
  refuse(faults);
  switch (name) {
    case 'models': {
      const { listModels } = await import('./models.ts');
      await listModels({ json: parsed.values.json === true }, context.output);
      return exitCodes.success;
    }
    case 'init': {
      const { writeExample } = await import('./write-example.ts');
      return writeExample(argument === '' ? '.' : argument, parsed.values, context.output);
    }
    case 'tune': {
      const { tuneExperimentFile } = await import('./tune-experiment-file.ts');
      return tuneExperimentFile(argument, parsed.values, context);
    }
    case 'serve': {
      const { serve } = await import('./serve.ts');
      return serve(parsed.values, context);
    }
    case 'mcp': {
      const { mcp } = await import('./mcp.ts');
      return mcp(parsed.values, context);
    }
    case 'run':
      return runExperiment(argument, 'call', parsed.values, context);
    case 'rescore':
      return runExperiment(argument, 'error', parsed.values, context);
    case 'report': {
      const report = [argument.replace(/(\.\w+)?$/, '.html')];
      return runExperiment(argument, 'error', { report, ...parsed.values }, context);
    }
    default:
      // Their right arguments have been handled, and wrong ones refused.
      return exitCodes.usage;
  }
};

/** Whether a command got one argument and nothing else, so that the checks need not be loaded. A shell waits for its completion. */
const isPlain = ({ args, unknown, incomplete }: ParsedArguments): boolean =>
  args.length === 1 && unknown.length === 0 && incomplete.length === 0;

const runExperiment = async (
  path: string,
  onMiss: 'call' | 'error',
  flags: RunFlags,
  context: CommandContext,
): Promise<number> => {
  const { runExperimentFile } = await import('./run-experiment-file.ts');
  return runExperimentFile(path, onMiss, flags, context);
};
