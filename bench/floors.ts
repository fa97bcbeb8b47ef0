/**
 * The denominators of the speed bars, by hand: what a person would write for three models without a library.
 * They are measures, not code to improve: keep them as they are.
 */

/** The answers of the models. */
export const texts: readonly string[] = ['Paris', 'Paris', 'Lyon'];

/** The models as plain functions. */
export const asks: readonly ((question: string, signal?: unknown) => Promise<string>)[] = texts.map(
  (text) => async (_question, _signal) => text,
);

const mostVotes = (votes: ReadonlyMap<string, number>): string =>
  [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];

const count = (votes: Map<string, number>, text: string): void => {
  const answer = text.trim().toLowerCase();
  votes.set(answer, (votes.get(answer) ?? 0) + 1);
};

/** `Promise.allSettled` and a `Map`: no timeout, no abort, no account. */
export const floor = async (): Promise<string> => {
  const votes = new Map<string, number>();
  for (const end of await Promise.allSettled(asks.map((ask) => ask('?'))))
    if (end.status === 'fulfilled') count(votes, end.value);
  return mostVotes(votes);
};

/** The same with the features of a prediction: a timer and an `AbortController` a call, timing, an account. */
export const floorFull = async (): Promise<unknown> => {
  const startedAt = performance.now();
  const ends = await Promise.allSettled(
    asks.map(async (ask, index) => {
      const controller = new AbortController();
      const askedAt = performance.now();
      const timer = setTimeout(() => controller.abort(), 5000);
      try {
        const text = await ask('?', controller.signal);
        return {
          status: 'answered',
          model: `model-${index}`,
          index,
          latencyMs: performance.now() - askedAt,
          text,
        };
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  const votes = new Map<string, number>();
  const outcomes: unknown[] = [];
  for (const end of ends) {
    if (end.status !== 'fulfilled') continue;
    outcomes.push(end.value);
    count(votes, end.value.text);
  }
  return {
    answer: mostVotes(votes),
    outcomes,
    latencyMs: performance.now() - startedAt,
    votes: Object.fromEntries(votes),
  };
};
