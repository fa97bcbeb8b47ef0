import { asks } from '../floors.ts';
import { peer } from './install.ts';
import { mostVotes } from './votes.ts';

type Unknown = unknown;
interface Effects {
  tryPromise(run: (signal: AbortSignal) => Promise<string>): Unknown;
  timeout(effect: Unknown, millis: number): Unknown;
  timed(effect: Unknown): Unknown;
  exit(effect: Unknown): Unknown;
  all(effects: readonly Unknown[], options: { readonly concurrency: 'unbounded' }): Unknown;
  runPromise<Value>(effect: Unknown): Promise<Value>;
}
type Exit<Value> = { readonly _tag: 'Success'; readonly value: Value } | { readonly _tag: 'Failure' };

const { Effect } = await peer<{ readonly Effect: Effects }>('effect');

const plain = Effect.all(
  asks.map((ask) => Effect.tryPromise(() => ask('?'))),
  { concurrency: 'unbounded' },
);
const guarded = Effect.all(
  asks.map((ask) =>
    Effect.exit(
      Effect.timed(
        Effect.timeout(
          Effect.tryPromise((signal) => ask('?', signal)),
          5000,
        ),
      ),
    ),
  ),
  { concurrency: 'unbounded' },
);

export const tasks = {
  effectPlain: async () => mostVotes(await Effect.runPromise<string[]>(plain)),
  effect: async () => {
    const exits = await Effect.runPromise<Exit<readonly [latency: Unknown, text: string]>[]>(guarded);
    return mostVotes(exits.flatMap((exit) => (exit._tag === 'Success' ? [exit.value[1]] : [])));
  },
};
