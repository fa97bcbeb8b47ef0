import { isObject } from '../../domain/is-object.ts';
import { hasMethods, refuse, shown } from '../../options.ts';
import type { Scorer } from './scorer.ts';

/**
 * Makes a scorer that refuses what is no question, for callers that call it by themselves.
 *
 * @param owner the name of the factory, for messages.
 */
export const scorerOf =
  (owner: string, score: Scorer): Scorer =>
  (answer, question, context) => {
    refuse([
      ...(isObject(question)
        ? []
        : [`${owner}: the scorer expected a question with "expected", but got ${shown(question)}`]),
      ...(hasMethods(context, 'readAnswer')
        ? []
        : [`${owner}: the scorer expected { readAnswer } as its third argument, but got ${shown(context)}`]),
    ]);
    return score(answer, question, context);
  };
