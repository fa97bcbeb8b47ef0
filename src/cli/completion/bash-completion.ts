import { type CommandName, commands, NAME } from '../commands.ts';
import { type Flag, flagOf } from '../flags.ts';
import { commonFlags } from '../parse-arguments.ts';
import { type Completed, completedArgument, completedValue } from './completed.ts';
import { knownModels } from './known-models.ts';

/** Returns the completion script for bash, 3.2 and later. */
export const bashCompletion = (): string => {
  const names = Object.keys(commands) as CommandName[];
  return `# Completes ${NAME} in bash: source <(${NAME} completion bash)
_crucible_ensemble() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  local flags='' kind='' words='' IFS=$' \\t\\n'
  # Bash takes "=" for a word of its own.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  case $command in
    ${names.join('|')}) ;;
    *) command=predict ;;
  esac
  case $command in
${names.map(commandCase).join('\n')}
  esac
  COMPREPLY=()
  if [[ -z $kind && $COMP_CWORD -eq 1 && $cur != -* ]]; then kind=words words='${names.join(' ')}'; fi
  if [[ -z $kind && $cur == -* ]]; then kind=words words=$flags; fi
  case \${kind:-argument} in
    words) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
    models) COMPREPLY=($(compgen -P "\${cur%"\${cur##*,}"}" -W '${knownModels().join(' ')}' -- "\${cur##*,}")) ;;
    files) IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}
complete -F _crucible_ensemble ${NAME}
`;
};

/** Sets the flags of a command, and what completes the word after the one before. */
const commandCase = (name: CommandName): string => {
  const shown: Readonly<Record<string, Flag>> = { ...commands[name].flags, ...commonFlags };
  const flags = Object.entries(shown).map(([option, flag]) => [spellings(option, flag.short), flag] as const);
  const values = flags
    .filter(([, { value }]) => value !== undefined)
    .map(([words, flag]) => `        ${words.join('|')}) ${assigned(completedValue(flag))} ;;`);
  return `    ${name})
      flags='${flags.flatMap(([words]) => words).join(' ')}'
      case $prev in
${[...values, `        *) [[ $cur == -* || $COMP_CWORD -eq 1 ]] || { ${assigned(completedArgument(name))}; } ;;`].join('\n')}
      esac ;;`;
};

const spellings = (option: string, short: string | undefined): readonly string[] => [
  ...(short === undefined ? [] : [`-${short}`]),
  flagOf(option),
];

const assigned = (completed: Completed): string =>
  typeof completed === 'string' ? `kind=${completed}` : `kind=words words='${completed.join(' ')}'`;
