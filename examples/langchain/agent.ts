/**
 * An agent that a panel drives: at each step three members vote on the next call of a tool. One of them is wrong at every step,
 * and outvoted. The members are functions, so that the example needs no key; with models of LangChain they would be
 * `fromLangChain(new ChatOpenAI({ model: 'gpt-6-luna' }))`.
 */
import { AIMessage } from '@langchain/core/messages';
import { createEnsemble, defineModel, type ModelRequest, type ModelResponse } from 'crucible-ensemble';
import { EnsembleChatModel } from 'crucible-ensemble/langchain';
import { createAgent, tool } from 'langchain';
import { z } from 'zod';

const capital = tool(({ country }) => ({ France: 'Paris', Spain: 'Madrid' })[country] ?? 'unknown', {
  name: 'capital',
  description: 'Returns the capital of a country.',
  schema: z.object({ country: z.string() }),
});
const population = tool(({ city }) => ({ Paris: '2.1 million', Madrid: '3.4 million' })[city] ?? 'unknown', {
  name: 'population',
  description: 'Returns how many people live in a city.',
  schema: z.object({ city: z.string() }),
});

const calling = (toolName: string, input: object): ModelResponse => ({
  text: '',
  toolCalls: [{ toolName, input }],
});

/** What the tools have returned so far. */
const resultsIn = ({ messages }: ModelRequest): readonly string[] =>
  messages.flatMap((message) =>
    message.role === 'tool' ? message.content.map(({ output }) => String(output.value)) : [],
  );

const careful = (_: string, { request }: { request: ModelRequest }): ModelResponse => {
  const [city, people] = resultsIn(request);
  if (city === undefined) return calling('capital', { country: 'France' });
  if (people === undefined) return calling('population', { city });
  return { text: `${people} people live in ${city}.` };
};
const hasty = (): ModelResponse => calling('population', { city: 'Madrid' });

const panel = createEnsemble({
  models: [defineModel('careful-1', careful), defineModel('hasty', hasty), defineModel('careful-2', careful)],
});

const agent = createAgent({
  model: new EnsembleChatModel({ ensemble: panel, model: 'panel' }),
  tools: [capital, population],
});
const { messages } = await agent.invoke({
  messages: [{ role: 'user', content: 'How many people live in the capital of France?' }],
});

for (const message of messages) {
  if (!AIMessage.isInstance(message)) {
    console.log(`${message.type}: ${message.text}`);
    continue;
  }
  const { votes } = message.response_metadata.ensemble as { votes: Record<string, number> };
  const calls = message.tool_calls?.map(({ name, args }) => `${name}(${Object.values(args)})`).join(', ');
  console.log(`panel: ${calls || message.text}  [${Object.values(votes).join(' : ')}]`);
}
