import { answerKey } from '../../domain/answer-key.ts';
import type { Vote } from '../../domain/outcome.ts';

/** Returns the items of an answer that is a list, each once, by their keys. An answer that is no list has one. A gap is none. */
export const itemsOf = ({ answer }: Vote): ReadonlyMap<string, unknown> => {
  const listed: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  return new Map(
    listed.filter((item) => item !== undefined && item !== null).map((item) => [answerKey(item), item]),
  );
};
