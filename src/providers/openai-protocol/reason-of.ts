import { isObject } from '../../domain/is-object.ts';
import { endsAnswer, strictestReason, toFinishReason } from '../finish-reason.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The names under which servers write why an answer ended, besides `finish_reason`. */
const NAMES = [
  ...['finishReason', 'finish_details', 'stop_reason', 'stopReason', 'native_finish_reason'],
  ...['done_reason', 'incomplete_details'],
] as const;

const EVERYWHERE = ['finish_reason', ...NAMES] as const;

/**
 * Returns the finish reason of a choice: `finish_reason`, or else that under another name, within the message, or outside of
 * the choices. A cut in any place is a cut.
 */
export const reasonOf = (choice: Fields, body: Fields): unknown => {
  const others: unknown[] = [];
  addReasons(others, choice, NAMES);
  for (const holder of [choice.message, choice.delta, body])
    if (isObject(holder)) addReasons(others, holder as Fields, EVERYWHERE);
  return strictestReason(choice.finish_reason, others);
};

/** Adds the reasons that are there. A list of all 31 places took a microsecond of each reply, twice (measured). */
const addReasons = (reasons: unknown[], holder: Fields, names: readonly string[]): void => {
  for (const name of names) {
    const reason = holder[name];
    if (reason !== undefined && reason !== null) reasons.push(reason);
  }
};

/**
 * Whether a choice of an event says that its answer has ended. A `finish_reason` of null says that it continues, even if
 * the provider behind a router writes another reason into each event; a cut is one nevertheless.
 */
export const hasEnded = (choice: Fields, reason: unknown): boolean =>
  endsAnswer(reason) && (choice.finish_reason !== null || toFinishReason(reason) !== 'stop');
