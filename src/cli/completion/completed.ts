import { type CommandName, commands } from '../commands.ts';
import type { Flag } from '../flags.ts';

/** What a shell offers for a value: one of these words, models of a list, a file, or nothing. */
export type Completed = readonly string[] | 'models' | 'files' | 'nothing';

/** Returns what completes the value of a flag. */
export const completedValue = ({ names, completes }: Pick<Flag, 'names' | 'completes'>): Completed =>
  names ?? completes ?? 'nothing';

/** Returns what completes the argument of a command. */
export const completedArgument = (name: CommandName): Completed =>
  name === 'help' ? Object.keys(commands) : completedValue(commands[name].argument ?? {});
