import { asks } from '../floors.ts';
import { peer } from './install.ts';
import { mostVotes } from './votes.ts';

type Limit = (run: () => Promise<string>) => Promise<string>;

const { default: pLimit } = await peer<{ readonly default: (concurrency: number) => Limit }>('p-limit');
const limit = pLimit(10_000);

export const tasks = {
  promisePool: async () => {
    const ends = await Promise.allSettled(asks.map((ask) => limit(() => ask('?'))));
    return mostVotes(ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])));
  },
};
