/**
 * Tries `crucible-ensemble/langchain`, packed, in the current LangChain and LangGraph, with served models: once with members of
 * this library, once with `ChatOpenAI` of LangChain as members. Prints a table, and fails if a capability fails.
 *
 * `npm run check:langchain` needs a build, and the npm registry once. With `--write` it writes the table of
 * docs/frameworks/langchain.md. Takes a minute.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import type { BaseMessage, UsageMetadata } from '@langchain/core/messages';
import type { Run } from '@langchain/core/tracers/base';
import { checkCapabilities, type Trial } from './capability-table.ts';
import { installed } from './on-demand.ts';
import {
  memberNames,
  type SentRequest,
  sayingOf,
  startUpstream,
  TASK,
  type Upstream,
  USAGE,
} from './served-panels.ts';

const PACKAGES = ['@langchain/core', 'langchain', '@langchain/langgraph', '@langchain/openai'] as const;

const folder = installed({
  name: 'langchain',
  packed: true,
  packages: {
    ...Object.fromEntries(PACKAGES.map((name) => [name, 'latest'])),
    rxjs: '^7.8.2',
    zod: '^4.2.0',
  },
});

const { createEnsemble } = await folder.load<typeof import('../src/index.ts')>('crucible-ensemble');
const { openaiCompatible } = await folder.load<typeof import('../src/providers/openai-compatible.ts')>(
  'crucible-ensemble/openai-compatible',
);
const { EnsembleChatModel, fromLangChain } = await folder.load<
  typeof import('../src/langchain/langchain.ts')
>('crucible-ensemble/langchain');
const { AIMessage, HumanMessage } =
  await folder.load<typeof import('@langchain/core/messages')>('@langchain/core/messages');
const { BaseTracer } = await folder.load<typeof import('@langchain/core/tracers/base')>(
  '@langchain/core/tracers/base',
);
const { tool } = await folder.load<typeof import('@langchain/core/tools')>('@langchain/core/tools');
const { RunnableLambda } =
  await folder.load<typeof import('@langchain/core/runnables')>('@langchain/core/runnables');
const { z } = await folder.load<typeof import('zod')>('zod');
const { ChatOpenAI } = await folder.load<{ ChatOpenAI: new (options: object) => ChatModel }>(
  '@langchain/openai',
);
const { createAgent } = await folder.load<{ createAgent: (options: object) => Graph }>('langchain');
const graphs = await folder.load<LangGraph>('@langchain/langgraph');

type ChatModel = Parameters<typeof fromLangChain>[0];

/** What is used of a graph of LangGraph: the packages are not installed where this file is compiled. */
interface Graph {
  invoke(input: unknown, config?: object): Promise<GraphState>;
  stream(input: unknown, config: object): Promise<AsyncIterable<readonly [BaseMessage, object]>>;
  streamEvents(
    input: unknown,
    config: object,
  ): AsyncIterable<{ readonly event: string; readonly name?: string }>;
}
interface GraphState {
  readonly messages: readonly BaseMessage[];
  readonly structuredResponse?: unknown;
  readonly answer?: string;
  readonly __interrupt__?: readonly { readonly value: unknown }[];
}
interface GraphBuilder {
  addNode(name: string, node: (state: never, config: object) => unknown): GraphBuilder;
  addEdge(from: string, to: string): GraphBuilder;
  compile(options?: object): Graph;
}
interface LangGraph {
  readonly StateGraph: new (state: unknown) => GraphBuilder;
  readonly Annotation: (() => unknown) & { Root(fields: object): unknown };
  readonly MemorySaver: new () => object;
  readonly Command: new (options: object) => object;
  readonly interrupt: (value: unknown) => unknown;
  readonly START: string;
  readonly END: string;
}

type Members = 'own' | 'chat models';

/** What a trial works with: an upstream, and panels of three models of it. */
interface Bench {
  readonly upstream: Upstream;
  readonly members: Members;
  panel(name: string, options?: object): InstanceType<typeof EnsembleChatModel>;
}

const modelsOf = (members: Members, name: string, url: string) =>
  memberNames(name).map((id) =>
    members === 'own'
      ? openaiCompatible(id, { id, baseURL: url, apiKey: 'none' })
      : fromLangChain(new ChatOpenAI({ model: id, apiKey: 'none', configuration: { baseURL: url } })),
  );

/** A trial with an upstream of its own, for each kind of members. */
const trials = (trial: (bench: Bench) => Promise<string | undefined> | Promise<void>): readonly Trial[] =>
  (['own', 'chat models'] as const).map((members) => async () => {
    const upstream = await startUpstream(sayingOf);
    try {
      return (
        (await trial({
          upstream,
          members,
          panel: (name, options = {}) =>
            new EnsembleChatModel({
              ensemble: createEnsemble({ models: modelsOf(members, name, upstream.url), ...options }),
              model: name,
            }),
        })) ?? undefined
      );
    } finally {
      await upstream.close();
    }
  });

const votesOf = ({ response_metadata: { ensemble } }: BaseMessage): Readonly<Record<string, number>> =>
  (ensemble as { readonly votes: Readonly<Record<string, number>> }).votes;

const usageOf = (message: BaseMessage): UsageMetadata =>
  (message as unknown as { usage_metadata: UsageMetadata }).usage_metadata;

const asked = (messages: string): object => ({ messages: [{ role: 'user', content: messages }] });

const aiMessages = ({ messages }: GraphState): readonly BaseMessage[] =>
  messages.filter((message) => AIMessage.isInstance(message));

/** The tools of the task, and what was called. */
const taskTools = () => {
  const calls: string[] = [];
  const tools = Object.entries(TASK.tools).map(([name, { of, results }]) =>
    tool(
      (input: Record<string, string>) => {
        const given = input[of] ?? '';
        calls.push(`${name}(${given})`);
        return (results as Record<string, string>)[given] ?? 'unknown';
      },
      { name, description: `Returns the ${name} of a ${of}.`, schema: z.object({ [of]: z.string() }) },
    ),
  );
  return { tools, calls };
};

const RIGHT_CALLS = ['capital(France)', 'population(Paris)'];

const leave = async (
  { upstream, panel }: Bench,
  ask: (model: InstanceType<typeof EnsembleChatModel>, signal: AbortSignal) => Promise<unknown>,
): Promise<string> => {
  const controller = new AbortController();
  const reason = new Error('the user left');
  const asking = ask(panel('slow'), controller.signal).then(
    () => assert.fail('there was an answer'),
    (error: unknown) => error,
  );
  await upstream.received(3);
  controller.abort(reason);
  const closed = await upstream.closed(3);
  assert.equal(await asking, reason);
  return closed;
};

/** Keeps the runs that have no run around them. */
class Roots extends BaseTracer {
  readonly name = 'roots';
  readonly runs: Run[] = [];
  override awaitHandlers = true;
  protected override async persistRun(run: Run): Promise<void> {
    this.runs.push(run);
  }
}

const within = ({ child_runs }: Run, name: string): Run | undefined =>
  child_runs.find((run) => run.name === name) ??
  child_runs.map((run) => within(run, name)).find((run) => run !== undefined);

/** A graph of one node. */
const graphOf = (
  node: (state: { readonly question: string }, config: object) => Promise<object>,
  options?: object,
): Graph => {
  const { StateGraph, Annotation, START, END } = graphs;
  const state = Annotation.Root({ question: Annotation(), answer: Annotation() });
  return new StateGraph(state)
    .addNode('ask', node as never)
    .addEdge(START, 'ask')
    .addEdge('ask', END)
    .compile(options);
};

await checkCapabilities({
  page: 'langchain',
  folder,
  packages: PACKAGES,
  columns: ['own members', 'members from `ChatOpenAI`'],
  capabilities: {
    '`invoke`: the answer and the votes': trials(async ({ panel }) => {
      const message = await panel('panel', { normalization: 'numeric' }).invoke('2 + 2?');
      assert.equal(message.text, 'It is 4.');
      assert.deepEqual(votesOf(message), { 4: 2, 5: 1 });
    }),
    '`usage_metadata` is the sum of the calls': trials(async ({ panel, upstream }) => {
      const whole = await panel('panel').invoke('2 + 2?');
      let streamed: BaseMessage | undefined;
      for await (const chunk of await panel('panel').stream('2 + 2?')) streamed = chunk;
      assert.equal(upstream.requests.length, 6);
      for (const message of [whole, streamed as BaseMessage])
        assert.deepEqual(
          [usageOf(message).input_tokens, usageOf(message).output_tokens],
          [3 * USAGE.prompt_tokens, 3 * USAGE.completion_tokens],
        );
      return `${usageOf(whole).total_tokens} = 3 × ${USAGE.total_tokens} tokens`;
    }),
    '`stream`: one chunk': trials(async ({ panel }) => {
      const texts: string[] = [];
      for await (const chunk of await panel('panel', { normalization: 'numeric' }).stream('2 + 2?'))
        texts.push(chunk.text);
      assert.deepEqual(texts, ['It is 4.']);
    }),
    '`batch`': trials(async ({ panel, upstream }) => {
      const answers = await panel('panel', { normalization: 'numeric' }).batch(['2 + 2?', '1 + 3?']);
      assert.deepEqual(
        answers.map(({ text }) => text),
        ['It is 4.', 'It is 4.'],
      );
      assert.equal(upstream.requests.length, 6);
    }),
    '`streamEvents` of version 2: votes as they arrive': trials(async ({ panel }) => {
      const names: string[] = [];
      for await (const event of panel('panel').streamEvents('2 + 2?', { version: 'v2' }))
        names.push(event.name);
      assert.equal(names.filter((name) => name === 'crucible.votes').length, 3);
      return `${names.filter((name) => name.startsWith('crucible.')).length} custom events`;
    }),
    '`streamEvents`: content blocks': trials(async ({ panel }) => {
      const stream = panel('panel', { normalization: 'numeric' }).streamEvents('2 + 2?');
      assert.equal(await stream.text, 'It is 4.');
      assert.equal((await stream.usage)?.total_tokens, 36);
    }),
    'images and files reach every member': trials(async ({ panel, upstream }) => {
      const data =
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      await panel('panel').invoke([
        new HumanMessage({
          contentBlocks: [
            { type: 'text', text: 'What is it?' },
            { type: 'image', mimeType: 'image/png', data },
            { type: 'file', mimeType: 'application/pdf', data: 'JVBERi0=', metadata: { filename: 'a.pdf' } },
          ],
        }),
      ]);
      const parts = upstream.sent().map(({ messages }) => JSON.stringify(messages));
      assert.equal(parts.filter((part) => part.includes(`data:image/png;base64,${data}`)).length, 3);
      assert.equal(parts.filter((part) => part.includes('data:application/pdf;base64,JVBERi0=')).length, 3);
      return '3 of 3';
    }),
    'unsupported content throws before a call': trials(async ({ panel, upstream }) => {
      const message = new HumanMessage([{ type: 'file', fileId: 'file-1' }] as never);
      await assert.rejects(panel('panel').invoke([message]), /content\[0\].*is not supported/);
      assert.equal(upstream.requests.length, 0);
      return '0 calls';
    }),
    '`bindTools`: calls are voted on': trials(async ({ panel }) => {
      const message = await panel('agent').bindTools(taskTools().tools).invoke(TASK.question);
      assert.deepEqual(
        message.tool_calls?.map(({ name, args }) => [name, args]),
        [['capital', { country: 'France' }]],
      );
      assert.deepEqual(Object.values(votesOf(message)).toSorted(), [1, 2]);
      return '2 : 1';
    }),
    '`withStructuredOutput` of zod and of JSON Schema': trials(async ({ panel, upstream }) => {
      const City = z.object({ city: z.string() });
      const { $schema: _, ...asJson } = z.toJSONSchema(City);
      for (const schema of [City, asJson])
        assert.deepEqual(await panel('cities').withStructuredOutput(schema).invoke('Which city?'), {
          city: 'Paris',
        });
      const { raw, parsed } = await panel('cities')
        .withStructuredOutput(City, { includeRaw: true })
        .invoke('?');
      assert.deepEqual(parsed, { city: 'Paris' });
      assert.deepEqual(Object.values(votesOf(raw)).toSorted(), [1, 2]);
      assert.ok(upstream.sent().every((sent: SentRequest) => JSON.stringify(sent).includes('city')));
      return '2 : 1';
    }),
    'an abort of `invoke` closes the connections': trials((bench) =>
      leave(bench, (model, signal) => model.invoke('2 + 2?', { signal })),
    ),
    'an abort of `stream` closes the connections': trials((bench) =>
      leave(bench, async (model, signal) => {
        for await (const _ of await model.stream('2 + 2?', { signal }));
      }),
    ),
    'a decided vote closes the others': trials(async ({ panel, upstream }) => {
      const message = await panel('decided', { earlyStop: 'decided' }).invoke('2 + 2?');
      assert.equal(message.text, 'It is 4.');
      return upstream.closed(1);
    }),
    'a failure is asked once': trials(async ({ panel, upstream }) => {
      await assert.rejects(panel('broken').invoke('2 + 2?'), { name: 'AllModelsFailedError' });
      assert.equal(upstream.requests.length, 3);
      const agent = createAgent({ model: panel('broken'), tools: taskTools().tools });
      await assert.rejects(agent.invoke(asked('2 + 2?')));
      assert.equal(upstream.requests.length, 6);
      return '3 calls of 3 members';
    }),
    '`retry` of the ensemble repeats': trials(async ({ panel, upstream }) => {
      const retry = { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 };
      await assert.rejects(panel('broken', { retry }).invoke('2 + 2?'));
      assert.equal(upstream.requests.length, 6);
      return '6 calls';
    }),
    'traces: members within the ensemble, cancelled ones too': trials(async ({ panel, members }) => {
      const roots = new Roots();
      const chain = RunnableLambda.from((question: string, config) =>
        panel('decided', { earlyStop: 'decided' }).invoke(question, config),
      );
      await chain.invoke('2 + 2?', { callbacks: [roots as unknown as BaseCallbackHandler] });
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual(
        roots.runs.map(({ name }) => name),
        ['RunnableLambda'],
      );
      const own = within(roots.runs[0] as Run, 'EnsembleChatModel') as Run;
      const names = own.child_runs.map(({ name }) => name).toSorted();
      assert.deepEqual(names, members === 'own' ? [] : ['decided-1', 'decided-2', 'decided-3']);
      assert.ok(own.child_runs.every(({ end_time: end }) => end !== undefined));
      return members === 'own' ? 'one run' : `${names.length} of 3`;
    }),
    'an agent of `createAgent`: two tools, a wrong call outvoted at each step': trials(
      async ({ panel, upstream }) => {
        const { tools, calls } = taskTools();
        const state = await createAgent({ model: panel('agent'), tools }).invoke(asked(TASK.question));
        assert.deepEqual(calls, RIGHT_CALLS);
        assert.equal(state.messages.at(-1)?.text, TASK.answer);
        const steps = aiMessages(state);
        assert.equal(steps.length, 3);
        for (const step of steps) assert.deepEqual(Object.values(votesOf(step)).toSorted(), [1, 2]);
        assert.equal(upstream.requests.length, 9);
        return '3 steps of 2 : 1, 9 calls';
      },
    ),
    'the same, streamed: `streamMode: "messages"` shows no member': trials(async ({ panel }) => {
      const { tools, calls } = taskTools();
      const agent = createAgent({ model: panel('agent'), tools });
      const shown: BaseMessage[] = [];
      for await (const [message] of await agent.stream(asked(TASK.question), { streamMode: 'messages' }))
        shown.push(message);
      assert.deepEqual(calls, RIGHT_CALLS);
      const own = shown.filter((message) => message.response_metadata.ensemble !== undefined);
      const others = shown.filter((message) => message.type === 'ai' && !own.includes(message));
      assert.equal(own.length, 3);
      assert.deepEqual(
        others.map(({ text }) => text),
        [],
      );
      return `${own.length} messages of the ensemble, ${others.length} of members`;
    }),
    '`createAgent` with `responseFormat`': trials(async ({ panel }) => {
      const agent = createAgent({
        model: panel('cities'),
        tools: [],
        responseFormat: z.object({ city: z.string() }),
      });
      assert.deepEqual((await agent.invoke(asked('Which city?'))).structuredResponse, { city: 'Paris' });
    }),
    'an abort of an agent closes the connections': trials(async ({ panel, upstream }) => {
      const controller = new AbortController();
      const agent = createAgent({ model: panel('slow'), tools: taskTools().tools });
      const asking = agent.invoke(asked('2 + 2?'), { signal: controller.signal });
      const failed = assert.rejects(asking);
      await upstream.received(3);
      controller.abort();
      await failed;
      return upstream.closed(3);
    }),
    'a node that asks an ensemble: its members are not shown': trials(async ({ members, upstream }) => {
      const ensemble = createEnsemble({
        models: modelsOf(members, 'panel', upstream.url),
        normalization: 'numeric',
      });
      const roots = new Roots();
      const graph = graphOf(async ({ question }, config) => ({
        answer: (await ensemble.predict(question, { context: config })).text,
      }));
      const shown: BaseMessage[] = [];
      const callbacks = [roots as unknown as BaseCallbackHandler];
      for await (const [message] of await graph.stream(
        { question: '2 + 2?' },
        { streamMode: 'messages', callbacks },
      ))
        shown.push(message);
      assert.deepEqual(shown, []);
      const node = within(roots.runs[0] as Run, 'ask') as Run;
      const names = node.child_runs.filter(({ run_type }) => run_type === 'llm').map(({ name }) => name);
      assert.equal(names.length, members === 'own' ? 0 : 3);
    }),
    'a node that hands on to a human below a consensus': trials(async ({ panel }) => {
      const { MemorySaver, Command, interrupt } = graphs;
      const model = panel('panel', { normalization: 'numeric' });
      const graph = graphOf(
        async ({ question }, config) => {
          const message = await model.invoke(question, config);
          const { consensus, votes } = message.response_metadata.ensemble as {
            consensus: number;
            votes: object;
          };
          return { answer: consensus >= 0.9 ? message.text : interrupt({ votes }) };
        },
        { checkpointer: new MemorySaver() },
      );
      const config = { configurable: { thread_id: '1' } };
      const paused = await graph.invoke({ question: '2 + 2?' }, config);
      assert.deepEqual(paused.__interrupt__?.[0]?.value, { votes: { 4: 2, 5: 1 } });
      assert.equal(
        (await graph.invoke(new Command({ resume: '4, says a human' }), config)).answer,
        '4, says a human',
      );
    }),
  },
});
/** What each example prints at its end. */
const examples: Readonly<Record<string, string>> = {
  'agent.ts': 'panel: 2.1 million people live in Paris.  [2 : 1]\n',
  'escalate.ts': 'The parcel came late. → reject, says a human\n',
};
const copies = fileURLToPath(new URL('examples/', folder.url));
cpSync(fileURLToPath(new URL('../examples/langchain/', import.meta.url)), copies, { recursive: true });
const tsconfig = {
  compilerOptions: {
    ...{ target: 'es2023', lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'], module: 'nodenext' },
    // LangChain's own declarations do not compile with exactOptionalPropertyTypes.
    ...{ strict: true, noUncheckedIndexedAccess: true, noEmit: true, types: ['node'] },
    typeRoots: ['../../../node_modules/@types'],
  },
};
writeFileSync(`${copies}tsconfig.json`, JSON.stringify(tsconfig));
const run = (...args: readonly string[]): string =>
  execFileSync(process.execPath, args, {
    cwd: copies,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
run(fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url)), '-p', '.');
for (const [name, end] of Object.entries(examples)) {
  const printed = run(name);
  assert.ok(printed.endsWith(end), `examples/langchain/${name} printed:\n${printed}`);
}
console.log('The examples compile and run.');
process.exit();
