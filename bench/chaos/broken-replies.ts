import type { WireDialect } from '../../src/testing/dialects/wire-dialect.ts';
import {
  body,
  cutJson,
  eventStream,
  html,
  json,
  type Reply,
  reset,
  type ServedAnswer,
  type ServedEvent,
  stalledBody,
} from '../../src/testing/testing.ts';

/** How a reply breaks. */
export interface Breaking {
  readonly dialect: WireDialect;
  /** The answer that was generated. */
  readonly served: ServedAnswer;
  readonly isStream: boolean;
  /** The number of the request, so that the forms of a kind take turns. */
  readonly count: number;
}

/** The events of an answer up to the one after which it is known to be whole. */
const beginning = (dialect: WireDialect, served: ServedAnswer): readonly ServedEvent[] => {
  const events = dialect.events(served);
  return events.slice(0, Math.max(1, events.findIndex(dialect.isTerminal)));
};

/** The kinds of broken reply, each after its answer was generated, and so is billed. */
export const brokenReplies: Readonly<Record<string, (breaking: Breaking) => Reply>> = {
  reset: ({ dialect, served, isStream, count }) => {
    if (count % 2 === 0) return reset();
    return isStream
      ? eventStream(beginning(dialect, served), { ending: 'reset' })
      : reset(dialect.answer(served), 30);
  },
  'cut JSON': ({ dialect, served, isStream }) =>
    isStream ? eventStream(dialect.events(served), { endAt: 60 }) : cutJson(dialect.answer(served)),
  'odd usage': ({ dialect, served, isStream, count }) => {
    const outputTokens = [-3, '12', Number.NaN, { tokens: 4 }, 1.5, true][count % 6];
    const answer = { ...served, usage: { inputTokens: 20, outputTokens } };
    return isStream ? eventStream(dialect.events(answer)) : json(dialect.answer(answer));
  },
  'no usage': ({ dialect, served: { text }, isStream }) =>
    isStream ? eventStream(dialect.events({ text })) : json(dialect.answer({ text })),
  'an error within a 200': ({ dialect, served, isStream, count }) =>
    isStream
      ? eventStream([...beginning(dialect, served), dialect.errorEvent])
      : json(dialect.error([429, 400, 401, 500][count % 4] as number, 'no')),
  timeout: ({ dialect, served, isStream }) =>
    isStream
      ? eventStream(beginning(dialect, served), { ending: 'stall' })
      : stalledBody(dialect.answer(served), 9),
  '5xx': ({ dialect, count }) => {
    const status = [500, 502, 503, 504, 529][count % 5] as number;
    return count % 2 === 0 ? json(dialect.error(status, 'no'), { status }) : html({ status });
  },
  'an empty 200': ({ count }) => [body(''), html(), json({}), body('\n\n')][count % 4] as Reply,
};
