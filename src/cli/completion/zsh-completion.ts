import { type CommandName, commands, NAME } from '../commands.ts';
import { type Flag, flagOf } from '../flags.ts';
import { commonFlags } from '../parse-arguments.ts';
import { type Completed, completedArgument, completedValue } from './completed.ts';
import { knownModels } from './known-models.ts';

/** Returns the completion script for zsh. */
export const zshCompletion = (): string => {
  const names = Object.keys(commands) as CommandName[];
  return `#compdef ${NAME}
# Completes ${NAME} in zsh: source <(${NAME} completion zsh)
_crucible_ensemble() {
  local command=predict
  local -a commands=(
${names.map((name) => `    ${quoted(`${name}:${commands[name].description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  case $words[2] in
    ${names.join('|')})
      command=$words[2]
      words=("$words[1]" "\${(@)words[3,-1]}")
      (( CURRENT-- )) ;;
  esac
  case $command in
${names.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _crucible_ensemble ]]; then
  _crucible_ensemble "$@"
else
  compdef _crucible_ensemble ${NAME}
fi
`;
};

const commandCase = (name: CommandName): string => {
  const { argument, flags } = commands[name];
  const shown: Readonly<Record<string, Flag>> = { ...flags, ...commonFlags };
  const specs = [
    ...Object.entries(shown).map(flagSpec),
    ...(argument === undefined
      ? []
      : [quoted(`:${argument.value.slice(1, -1)}:${actionOf(completedArgument(name))}`)]),
  ];
  return `    ${name})\n      _arguments -s \\\n${specs.map((spec) => `        ${spec}`).join(' \\\n')} ;;`;
};

const flagSpec = ([option, flag]: readonly [string, Flag]): string => {
  const { short, value, description, repeats } = flag;
  const long = flagOf(option);
  const meaning = `[${escaped(description)}]${value === undefined ? '' : `:${escaped(value.replace(/[<>.]/g, ''))}:${actionOf(completedValue(flag))}`}`;
  const end = value === undefined ? '' : '=';
  if (short === undefined) return quoted(`${repeats === undefined ? '' : '*'}${long}${end}${meaning}`);
  return `'(-${short} ${long})'{-${short}${end && '+'},${long}${end}}${quoted(meaning)}`;
};

const actionOf = (completed: Completed): string => {
  if (completed === 'models') return `_values -s , model ${knownModels().join(' ')}`;
  if (completed === 'files') return '_files';
  return completed === 'nothing' ? ' ' : `(${completed.join(' ')})`;
};

/** Escapes what has a meaning in a specification. */
const escaped = (text: string): string => text.replace(/[\][:\\]/g, '\\$&');

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
