import { type CommandName, commands, NAME } from '../commands.ts';
import { type Flag, flagOf } from '../flags.ts';
import { commonFlags } from '../parse-arguments.ts';
import { type Completed, completedArgument, completedValue } from './completed.ts';
import { knownModels } from './known-models.ts';

/** Returns the completion script for fish. */
export const fishCompletion = (): string => {
  const names = Object.keys(commands) as CommandName[];
  return `# Completes ${NAME} in fish: ${NAME} completion fish > ~/.config/fish/completions/${NAME}.fish
function __crucible_ensemble_models
  printf '%s\\n' ${knownModels().join(' ')}
end
complete -c ${NAME} -f
${names.map((name) => `complete -c ${NAME} -n __fish_use_subcommand -a ${name} -d ${quoted(commands[name].description)}`).join('\n')}
${names.flatMap(commandLines).join('\n')}
`;
};

const commandLines = (name: CommandName): readonly string[] => {
  const { flags } = commands[name];
  // Without a command, the program does what predict does.
  const others = Object.keys(commands).filter((other) => other !== 'predict');
  const isHere =
    name === 'predict'
      ? `not __fish_seen_subcommand_from ${others.join(' ')}`
      : `__fish_seen_subcommand_from ${name}`;
  const start = `complete -c ${NAME} -n ${quoted(isHere)}`;
  const argument = completedArgument(name);
  const shown: Readonly<Record<string, Flag>> = { ...flags, ...commonFlags };
  return [
    ...(argument === 'nothing' ? [] : [`${start} ${offered(argument)}`]),
    ...Object.entries(shown).map(([option, flag]) =>
      [
        start,
        ...(flag.short === undefined ? [] : [`-s ${flag.short}`]),
        `-l ${flagOf(option).slice(2)}`,
        ...(flag.value === undefined ? [] : [`-r ${offered(completedValue(flag))}`]),
        `-d ${quoted(flag.description)}`,
      ].join(' '),
    ),
  ];
};

const offered = (completed: Completed): string => {
  if (completed === 'files') return '-F';
  if (completed === 'models') return `-f -a '(__fish_complete_list , __crucible_ensemble_models)'`;
  return completed === 'nothing' ? '-f' : `-f -a ${quoted(completed.join(' '))}`;
};

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
