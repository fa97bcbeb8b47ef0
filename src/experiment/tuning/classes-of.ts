import { ConfigError } from '../../domain/errors.ts';
import type { LabelledBallot, UnlabelledBallot } from './labelled-ballot.ts';

/** With more different answers than this, each question has answers of its own. */
const MAX_CLASSES = 26;

/** Returns the different answers, sorted. */
export const keysIn = (ballots: Iterable<UnlabelledBallot | LabelledBallot>): string[] => {
  const keys = new Set<string>();
  for (const ballot of ballots) {
    for (const { key } of ballot.votes.values()) if (key !== undefined) keys.add(key);
    if ('rightKeys' in ballot) for (const key of ballot.rightKeys) keys.add(key);
  }
  return Array.from(keys).sort();
};

/** Whether the answers are a small set that all questions share, such as yes and no. */
export const areClasses = (keys: readonly string[]): boolean =>
  keys.length >= 2 && keys.length <= MAX_CLASSES;

/** @throws {ConfigError} if there are not 2 to 26 different answers. */
export const classesOf = (owner: string, ballots: Iterable<UnlabelledBallot | LabelledBallot>): string[] => {
  const keys = keysIn(ballots);
  if (areClasses(keys)) return keys;
  throw new ConfigError([
    `${owner}: the ballots must choose from 2 to ${MAX_CLASSES} answers, but have ${keys.length}: ` +
      'use fitLogOdds or fitOneCoin for questions with answers of their own',
  ]);
};
