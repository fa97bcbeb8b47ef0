import { ConfigError } from '../../domain/errors.ts';
import type { LabelledBallot, UnlabelledBallot } from './labelled-ballot.ts';
import { finished, pausingEach } from './work.ts';

/** With more different answers than this, each question has answers of its own. */
const MAX_CLASSES = 26;

/** An answer that fewer questions have is a stray. */
const LEAST_QUESTIONS = 2;
const LEAST_SHARE_OF_QUESTIONS = 0.01;

/**
 * The shares that classes must have. If each question has answers of its own, as in school sums, the most frequent answers
 * have far less.
 */
const LEAST_SHARE_OF_VOTES = 0.75;
const LEAST_SHARE_OF_RIGHT_ANSWERS = 0.9;

/** How often an answer was given, how often it is right, and on how many questions it is either. */
interface Naming {
  votes: number;
  right: number;
  questions: number;
  /** The number of the last of these questions. */
  lastQuestion: number;
}

/** The different answers to some questions. */
export interface NamedKeys {
  readonly questions: number;
  readonly namings: ReadonlyMap<string, Naming>;
}

/** Counts the different answers. */
export const keysIn = (ballots: readonly (UnlabelledBallot | LabelledBallot)[]): NamedKeys =>
  finished(keysInSteps(ballots));

/** As {@link keysIn}, with pauses. */
export function* keysInSteps(
  ballots: readonly (UnlabelledBallot | LabelledBallot)[],
): Generator<unknown, NamedKeys> {
  const namings = new Map<string, Naming>();
  let questions = 0;
  const naming = (key: string, count: 'votes' | 'right'): void => {
    let naming = namings.get(key);
    if (naming === undefined) {
      naming = { votes: 0, right: 0, questions: 0, lastQuestion: 0 };
      namings.set(key, naming);
    }
    naming[count] += 1;
    if (naming.lastQuestion !== questions) naming.questions += 1;
    naming.lastQuestion = questions;
  };
  yield* pausingEach(ballots, (ballot) => {
    questions += 1;
    if ('rightKeys' in ballot) for (const key of ballot.rightKeys) naming(key, 'right');
    for (const { key } of ballot.votes.values()) if (key !== undefined) naming(key, 'votes');
  });
  return { questions, namings };
}

/** A small set of answers that all questions share, such as yes and no. */
export interface Classes {
  /** The answers, sorted. */
  readonly classes: readonly string[];
  /** Whether other answers were given or right now and then: the strays. */
  readonly withOther: boolean;
}

const shareOf = (some: readonly Naming[], all: readonly Naming[], count: 'votes' | 'right'): number => {
  const sum = (namings: readonly Naming[]): number =>
    namings.reduce((total, naming) => total + naming[count], 0);
  return sum(all) === 0 ? 1 : sum(some) / sum(all);
};

/** Returns the classes that recur, if they are nearly all answers, else all answers if they are few; otherwise `undefined`. */
export const classesIn = ({ questions, namings }: NamedKeys): Classes | undefined => {
  const least = Math.max(LEAST_QUESTIONS, LEAST_SHARE_OF_QUESTIONS * questions);
  const recurring = Array.from(namings)
    .filter(([, naming]) => naming.questions >= least)
    .sort(([a, one], [b, other]) => other.questions - one.questions || (a < b ? -1 : 1))
    .slice(0, MAX_CLASSES);
  const some = recurring.map(([, naming]) => naming);
  const all = Array.from(namings.values());
  const areNearlyAll =
    recurring.length >= 2 &&
    shareOf(some, all, 'votes') >= LEAST_SHARE_OF_VOTES &&
    shareOf(some, all, 'right') >= LEAST_SHARE_OF_RIGHT_ANSWERS;
  const keys = areNearlyAll ? recurring.map(([key]) => key) : Array.from(namings.keys());
  return keys.length >= 2 && keys.length <= MAX_CLASSES
    ? { classes: keys.sort(), withOther: keys.length < namings.size }
    : undefined;
};

/** Whether the answers are a small set that all questions share, strays aside. */
export const areClasses = (keys: NamedKeys): boolean => classesIn(keys) !== undefined;

/** @throws {ConfigError} if there are not 2 to 26 different answers, strays aside. */
export const classesOf = (
  owner: string,
  ballots: readonly (UnlabelledBallot | LabelledBallot)[],
): Classes => {
  const keys = keysIn(ballots);
  const classes = classesIn(keys);
  if (classes !== undefined) return classes;
  throw new ConfigError([
    `${owner}: the ballots must choose from 2 to ${MAX_CLASSES} answers, but have ${keys.namings.size}: ` +
      'use fitLogOdds or fitOneCoin for questions with answers of their own',
  ]);
};
