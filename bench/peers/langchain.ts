import { texts } from '../floors.ts';
import { peer } from './install.ts';
import { mostVotes } from './votes.ts';

interface Message {
  readonly content: string;
}
interface Runnables {
  readonly RunnableMap: {
    from(models: Readonly<Record<string, unknown>>): {
      invoke(question: string): Promise<Readonly<Record<string, Message>>>;
    };
  };
}
interface Fakes {
  readonly FakeListChatModel: new (options: { readonly responses: readonly string[] }) => unknown;
}

const { RunnableMap } = await peer<Runnables>('@langchain/core/runnables');
const { FakeListChatModel } = await peer<Fakes>('@langchain/core/utils/testing');
const map = RunnableMap.from(
  Object.fromEntries(
    texts.map((text, index) => [`model-${index}`, new FakeListChatModel({ responses: [text] })]),
  ),
);

export const tasks = {
  langchain: async () => mostVotes(Object.values(await map.invoke('?')).map(({ content }) => content)),
};
