/**
 * A graph that asks a panel, and hands on to a human if the panel does not agree. The human sees the votes, and the graph
 * continues with the answer, perhaps days later in another process.
 */
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from '@langchain/langgraph';
import { createEnsemble, defineModel } from 'crucible-ensemble';

const panel = createEnsemble({
  models: ['refund', 'Refund.', 'reject'].map((answer, index) =>
    defineModel(`member-${index}`, (ticket) => (ticket.includes('twice') ? 'refund' : answer)),
  ),
  normalization: (text) => (/refund/i.test(text) ? 'refund' : 'reject'),
});

const State = Annotation.Root({
  ticket: Annotation<string>,
  votes: Annotation<Record<string, number>>,
  consensus: Annotation<number>,
  decision: Annotation<string>,
});

const graph = new StateGraph(State)
  .addNode('ask', async ({ ticket }, config) => {
    // With the configuration as context, the runs of chat models in the panel are within that of this node.
    const { answer, metadata } = await panel.predict(ticket, { context: config, signal: config.signal });
    const { votes, consensus } = metadata;
    return { decision: String(answer), votes, consensus };
  })
  .addNode('human', ({ ticket, votes }) => ({ decision: interrupt({ ticket, votes }) }))
  .addEdge(START, 'ask')
  .addConditionalEdges('ask', ({ consensus }) => (consensus >= 0.9 ? END : 'human'))
  .addEdge('human', END)
  .compile({ checkpointer: new MemorySaver() });

const ask = async (thread_id: string, ticket: string): Promise<void> => {
  const thread = { configurable: { thread_id } };
  const result = await graph.invoke({ ticket }, thread);
  const [question] = (result as { __interrupt__?: { value: unknown }[] }).__interrupt__ ?? [];
  if (question === undefined) {
    console.log(`${ticket} → ${result.decision}`);
    return;
  }
  console.log(`${ticket} → a human is asked: ${JSON.stringify(question.value)}`);
  const { decision } = await graph.invoke(new Command({ resume: 'reject, says a human' }), thread);
  console.log(`${ticket} → ${decision}`);
};

await ask('1', 'I was charged twice.');
await ask('2', 'The parcel came late.');
