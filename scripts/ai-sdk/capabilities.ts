import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Trial } from '../capability-table.ts';
import {
  type Saying,
  type SentRequest,
  sayingOf,
  startUpstream,
  TASK,
  type Upstream,
  USAGE,
} from '../served-panels.ts';
import type { Installed, TextPart, Usage } from './packages.ts';
import type { PanelOf, Panels } from './panels.ts';

const QUESTION = 'What is 2 + 2?';

const CITY = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** The tokens of so many calls, as the AI SDK counts them. */
const tokensOf = (calls: number): number => calls * USAGE.total_tokens;

const with3 = async <Result>(
  say: (request: SentRequest) => Saying,
  check: (upstream: Upstream) => Promise<Result>,
): Promise<Result> => {
  const upstream = await startUpstream(say);
  try {
    return await check(upstream);
  } finally {
    await upstream.close();
  }
};

/** Three members and the tokens of their calls. */
const counted = ({ sent }: Upstream, usage: Usage, calls = 3): string => {
  assert.equal(sent().length, calls);
  assert.equal(usage.totalTokens, tokensOf(calls));
  return `${calls} calls, ${usage.totalTokens} tokens`;
};

/** The capabilities of an ensemble as a model, with members that `panelOf` makes. */
export const ensembleTrials = (
  { sdk }: Installed,
  panels: Panels,
  panelOf: PanelOf,
): Record<string, Trial> => {
  const { ensembleModel, ensembleMetadata, votesAsData } = panels;
  const modelOf = (upstream: Upstream, panel = 'panel', options: object = { normalization: 'numeric' }) =>
    ensembleModel(panelOf(upstream, panel, options));
  const cities = (upstream: Upstream) => modelOf(upstream, 'cities', {});
  /** The calls of tools that the AI SDK executed, and the tools. */
  const taskTools = () => {
    const calls: unknown[] = [];
    const tools = Object.fromEntries(
      Object.entries(TASK.tools).map(([name, { of, results }]) => [
        name,
        sdk.tool({
          description: `Returns the ${name} of a ${of}.`,
          inputSchema: sdk.jsonSchema({
            type: 'object',
            properties: { [of]: { type: 'string' } },
            required: [of],
          }),
          execute: async (input: Readonly<Record<string, string>>) => {
            calls.push([name, input]);
            return Reflect.get(results, input[of] ?? '') ?? 'unknown';
          },
        }),
      ]),
    );
    return { calls, tools };
  };
  const solved = (
    { sent }: Upstream,
    { text, calls, usage, shares }: { text: string; calls: unknown[]; usage: Usage; shares: unknown[] },
  ): string => {
    assert.equal(text, TASK.answer);
    assert.deepEqual(calls, [
      ['capital', { country: 'France' }],
      ['population', { city: 'Paris' }],
    ]);
    assert.equal(sent().filter(({ model }) => model === 'agent-3').length, 3);
    assert.deepEqual(shares, [2 / 3, 2 / 3, 2 / 3]);
    assert.equal(usage.totalTokens, tokensOf(9));
    return `3 steps, ${sent().length} calls, 3 wrong calls outvoted, ${usage.totalTokens} tokens`;
  };

  return {
    'generateText: text, tokens of all calls, metadata': () =>
      with3(sayingOf, async (upstream) => {
        const { text, usage, providerMetadata } = await sdk.generateText({
          model: modelOf(upstream),
          prompt: QUESTION,
        });
        assert.equal(text, 'It is 4.');
        assert.deepEqual(ensembleMetadata(providerMetadata)?.votes, { '4': 2, '5': 1 });
        return counted(upstream, usage);
      }),
    'streamText: votes as parts, then the text': () =>
      with3(sayingOf, async (upstream) => {
        const { stream, totalUsage } = sdk.streamText({ model: modelOf(upstream), prompt: QUESTION });
        const parts: TextPart[] = await Array.fromAsync(stream);
        const kinds = parts.flatMap(({ kind }) => kind ?? []);
        assert.deepEqual(kinds, Array(3).fill(['crucible.member', 'crucible.votes']).flat());
        assert.equal(parts.map(({ text }) => text ?? '').join(''), 'It is 4.');
        return counted(upstream, await totalUsage);
      }),
    'a chat: votes as data parts of the UI message, one count': () =>
      with3(sayingOf, async (upstream) => {
        const { stream } = sdk.streamText({ model: modelOf(upstream), prompt: QUESTION });
        const chunks = sdk.toUIMessageStream({ stream }).pipeThrough(votesAsData());
        const [forPage, forReader] = chunks.tee();
        const response = sdk.createUIMessageStreamResponse({ stream: forPage });
        assert.match(await response.text(), /"type":"data-votes"/);
        const [message] = (await Array.fromAsync(sdk.readUIMessageStream({ stream: forReader }))).slice(-1);
        const data = message?.parts.filter(({ type }) => type.startsWith('data-')) ?? [];
        assert.deepEqual(data.map(({ type }) => type).toSorted(), [
          'data-member',
          'data-member',
          'data-member',
          'data-votes',
        ]);
        // The data are not sent to models, so that the next question is asked with the same history.
        const history = await sdk.convertToModelMessages([message as object]);
        assert.doesNotMatch(JSON.stringify(history), /crucible/);
        return `${data.length} data parts`;
      }),
    'Output.object, array, choice, json and text: votes on values': () =>
      with3(
        (request) =>
          (
            ({
              object: sayingOf(request),
              array: request.model.endsWith('3') ? '{"elements":[]}' : '{"elements":[{"city":"Paris"}]}',
              choice: request.model.endsWith('3') ? '{"result":"Lyon"}' : '{"result":"Paris"}',
              json: request.model.endsWith('3') ? '[1]' : '[1, 2]',
              text: request.model.endsWith('3') ? 'Lyon' : 'Paris',
            }) as Record<string, Saying>
          )[String(request.messages.at(-1)?.content).replace(/.*?(\w+)\W*$/s, '$1')] ?? 'no such output',
        async (upstream) => {
          const schema = sdk.jsonSchema(CITY);
          const outputs: readonly (readonly [string, object, unknown])[] = [
            ['object', sdk.Output.object({ schema }), { city: 'Paris' }],
            ['array', sdk.Output.array({ element: schema }), [{ city: 'Paris' }]],
            ['choice', sdk.Output.choice({ options: ['Paris', 'Lyon'] }), 'Paris'],
            ['json', sdk.Output.json(), [1, 2]],
            ['text', sdk.Output.text(), 'Paris'],
          ];
          for (const [prompt, output, expected] of outputs) {
            const model = cities(upstream);
            const result = await sdk.generateText({ model, prompt, output });
            assert.deepEqual(result.output, expected, prompt);
            assert.deepEqual(await sdk.streamText({ model, prompt, output }).output, expected, prompt);
          }
          return `${outputs.length} kinds, each also streamed`;
        },
      ),
    'ToolLoopAgent: two tools, a wrong call outvoted at every step': () =>
      with3(sayingOf, async (upstream) => {
        const { calls, tools } = taskTools();
        const agent = new sdk.ToolLoopAgent({ model: modelOf(upstream, 'agent', {}), tools });
        const { text, totalUsage: usage, steps } = await agent.generate({ prompt: TASK.question });
        const shares = steps.map(({ providerMetadata }) => ensembleMetadata(providerMetadata)?.consensus);
        return solved(upstream, { text, calls, usage, shares });
      }),
    'the same, streamed': () =>
      with3(sayingOf, async (upstream) => {
        const { calls, tools } = taskTools();
        const agent = new sdk.ToolLoopAgent({ model: modelOf(upstream, 'agent', {}), tools });
        const result = await agent.stream({ prompt: TASK.question });
        const parts = await Array.fromAsync(result.stream);
        const shares = parts
          .filter(({ type }) => type === 'finish-step')
          .map(({ providerMetadata }) => ensembleMetadata(providerMetadata)?.consensus);
        return solved(upstream, { text: await result.text, calls, usage: await result.totalUsage, shares });
      }),
    'generateText with tools and an output: the last step is voted on by its schema': () =>
      with3(
        ({ model, messages }) =>
          messages.some(({ role }) => role === 'tool')
            ? model.endsWith('3')
              ? '{"city":"Lyon"}'
              : '{"city":"Paris"}'
            : { tool: 'capital', input: { country: 'France' } },
        async (upstream) => {
          const { tools } = taskTools();
          const { output, totalUsage } = await sdk.generateText({
            model: cities(upstream),
            tools,
            stopWhen: sdk.isStepCount(3),
            output: sdk.Output.object({ schema: sdk.jsonSchema(CITY) }),
            prompt: QUESTION,
          });
          assert.deepEqual(output, { city: 'Paris' });
          return counted(upstream, totalUsage, 6);
        },
      ),
    'toolChoice: a member that calls no tool does not vote': () =>
      with3(
        ({ model }) =>
          model.endsWith('1') ? { tool: 'capital', input: { country: 'France' } } : 'I would not.',
        async (upstream) => {
          const { tools, calls } = taskTools();
          const model = modelOf(upstream, 'panel', { minResponses: 1 });
          await sdk.generateText({ model, tools, toolChoice: 'required', prompt: QUESTION });
          assert.deepEqual(calls, [['capital', { country: 'France' }]]);
          return `${calls.length} call from 1 vote`;
        },
      ),
    'images, and the history of an earlier turn': () =>
      with3(sayingOf, async (upstream) => {
        const model = modelOf(upstream);
        const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        const first = {
          role: 'user',
          content: [
            { type: 'text', text: QUESTION },
            { type: 'file', mediaType: 'image', data: png },
          ],
        };
        const { response } = sdk.streamText({ model, messages: [first] });
        const { messages } = await response;
        // It has the votes of the first turn, which come back to the ensemble.
        assert.match(JSON.stringify(messages), /crucible\.votes/);
        await sdk.generateText({ model, messages: [first, ...messages, { role: 'user', content: 'Sure?' }] });
        const sent = upstream.sent().at(-1)?.messages;
        assert.deepEqual(
          sent?.map(({ role }) => role),
          ['user', 'assistant', 'user'],
        );
        assert.match(JSON.stringify(sent?.[0]), /data:image\/png;base64,iVBORw0KGgo=/);
        return `${sent?.length} turns`;
      }),
    'settings reach the members; what has no effect is a warning': () =>
      with3(sayingOf, async (upstream) => {
        const { warnings } = await sdk.generateText({
          model: modelOf(upstream),
          prompt: QUESTION,
          system: 'Be brief.',
          temperature: 0.5,
          topP: 0.9,
          maxOutputTokens: 50,
          stopSequences: ['END'],
          seed: 7,
          providerOptions: { openai: { user: 'u' } },
        });
        for (const request of upstream.sent()) {
          const { temperature, top_p, max_tokens, stop, seed, messages } = request;
          assert.deepEqual([temperature, top_p, max_tokens, stop, seed], [0.5, 0.9, 50, ['END'], 7]);
          assert.deepEqual(messages[0], { role: 'system', content: 'Be brief.' });
        }
        assert.deepEqual(
          warnings?.map(({ feature }) => feature),
          ['providerOptions.openai'],
        );
        return `5 settings, ${warnings?.length} warning`;
      }),
    'abort of generateText: sockets that the members closed': () =>
      with3(sayingOf, async (upstream) => {
        const controller = new AbortController();
        const result = sdk.generateText({
          model: modelOf(upstream, 'slow'),
          prompt: QUESTION,
          abortSignal: controller.signal,
        });
        await upstream.received(3);
        controller.abort();
        await assert.rejects(result, { name: 'AbortError' });
        return upstream.closed(3);
      }),
    'abort of streamText': () =>
      with3(sayingOf, async (upstream) => {
        const controller = new AbortController();
        const { stream } = sdk.streamText({
          model: modelOf(upstream, 'slow'),
          prompt: QUESTION,
          abortSignal: controller.signal,
          onError: () => undefined,
        });
        const parts = Array.fromAsync(stream);
        await upstream.received(3);
        controller.abort();
        assert.equal((await parts).at(-1)?.type, 'abort');
        return upstream.closed(3);
      }),
    'a client of a chat that leaves: `abortSignal: request.signal`': () =>
      with3(sayingOf, async (upstream) => {
        const client = new AbortController();
        const request = new Request('http://localhost/api/chat', { signal: client.signal });
        const { stream } = sdk.streamText({
          model: modelOf(upstream, 'slow'),
          prompt: QUESTION,
          abortSignal: request.signal,
          onError: () => undefined,
        });
        const chunks = sdk.toUIMessageStream({ stream }).pipeThrough(votesAsData());
        const text = sdk.createUIMessageStreamResponse({ stream: chunks }).text();
        await upstream.received(3);
        client.abort();
        assert.match(await text, /"type":"abort"/);
        return upstream.closed(3);
      }),
    'a decided vote: sockets of the members that are no longer needed': () =>
      with3(sayingOf, async (upstream) => {
        const model = modelOf(upstream, 'decided', { normalization: 'numeric', earlyStop: 'decided' });
        assert.equal((await sdk.generateText({ model, prompt: QUESTION })).text, 'It is 4.');
        return upstream.closed(1);
      }),
    'a failure is asked once, with maxRetries 2': () =>
      with3(sayingOf, async (upstream) => {
        const model = modelOf(upstream, 'broken');
        await assert.rejects(sdk.generateText({ model, prompt: QUESTION }), {
          name: 'AI_APICallError',
          statusCode: 424,
          isRetryable: false,
        });
        const { stream } = sdk.streamText({ model, prompt: QUESTION, onError: () => undefined });
        const failures = (await Array.fromAsync(stream)).filter(({ type }) => type === 'error');
        assert.equal(failures.length, 1);
        assert.equal(upstream.sent().length, 6);
        return '3 calls, streamed 3 more';
      }),
    'experimental_decide: probabilities from votes': () =>
      with3(
        ({ model, messages }) => {
          const errs = model.endsWith('3');
          if (JSON.stringify(messages.at(-1)).includes('- billing')) return errs ? 'billing' : 'shipping';
          return errs ? 'false' : 'true';
        },
        async (upstream) => {
          const { answers, usage } = await sdk.experimental_decide({
            model: panels.ensembleDecisionModel(panelOf(upstream, 'panel')),
            state: 'The parcel never came.',
            questions: {
              refund: { type: 'boolean', instructions: 'Is a refund due?' },
              team: { type: 'choice', criteria: { shipping: 'parcels', billing: 'money' } },
            },
          });
          assert.deepEqual(answers, {
            refund: { type: 'boolean', probability: 2 / 3 },
            team: { type: 'choice', choice: 'shipping', probabilities: { shipping: 2 / 3, billing: 1 / 3 } },
          });
          return counted(upstream, usage, 6);
        },
      ),
    'a provider registry, and middleware': () =>
      with3(sayingOf, async (upstream) => {
        const panel = sdk.customProvider({ languageModels: { careful: modelOf(upstream) } });
        const registry = sdk.createProviderRegistry({ panel });
        const model = registry.languageModel('panel:careful');
        const middleware = sdk.defaultSettingsMiddleware({ settings: { temperature: 0.2 } });
        const { text, usage } = await sdk.generateText({
          model: sdk.wrapLanguageModel({ model, middleware }),
          prompt: QUESTION,
        });
        assert.equal(text, 'It is 4.');
        assert.equal(upstream.sent()[0]?.temperature, 0.2);
        return counted(upstream, usage);
      }),
  };
};

/** The capabilities of a model of the AI SDK as a member. */
export const memberTrials = ({ sdk, test }: Installed, panels: Panels): Record<string, Trial> => {
  const { createEnsemble, fromAiSdk, served, modelContract } = panels;
  return {
    'deltas, tokens and the text of a stream': () =>
      with3(sayingOf, async (upstream) => {
        const ensemble = createEnsemble({
          models: [fromAiSdk(served(upstream, 'panel-1'))],
          normalization: 'numeric',
        });
        let deltas = 0;
        for await (const event of ensemble.stream(QUESTION)) {
          if (event.type === 'delta') deltas += 1;
          if (event.type !== 'complete') continue;
          assert.equal(event.prediction.answer, 4);
          assert.deepEqual(event.prediction.metadata.usage, {
            inputTokens: USAGE.prompt_tokens,
            outputTokens: USAGE.completion_tokens,
            reasoningTokens: 0,
            cachedInputTokens: 0,
          });
        }
        assert.ok(deltas > 0);
        return `${deltas} delta, ${USAGE.total_tokens} tokens`;
      }),
    'retry: as often as the policy says, after the time that the server asks for': () => {
      let calls = 0;
      return with3(
        () => {
          calls += 1;
          return calls < 3 ? { status: 503, headers: { 'retry-after-ms': '20' } } : 'It is 4.';
        },
        async (upstream) => {
          const models = [fromAiSdk(served(upstream, 'panel-1'))];
          const { outcomes } = await createEnsemble({ models, retry: { maxAttempts: 3 } }).predict(QUESTION);
          assert.deepEqual(
            outcomes[0]?.attempts?.map(({ error }) => [error.name, error.status, error.retryAfterMs]),
            Array(2).fill(['ProviderError', 503, 20]),
          );
          return `${upstream.sent().length} calls`;
        },
      );
    },
    'the interface of version 3': async () => {
      const usage = {
        inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 2, text: 2, reasoning: 0 },
      };
      const model = new test.MockLanguageModelV3({
        doGenerate: {
          content: [{ type: 'text', text: 'It is 4.' }],
          finishReason: { unified: 'stop', raw: 'stop' },
          usage,
          warnings: [],
        },
      });
      const { answer } = await createEnsemble({
        models: [fromAiSdk(model)],
        normalization: 'numeric',
      }).predict(QUESTION);
      assert.equal(answer, 4);
      return '1 call';
    },
    'a model that middleware wraps': () =>
      with3(sayingOf, async (upstream) => {
        const middleware = sdk.defaultSettingsMiddleware({ settings: { temperature: 0.2 } });
        const model = sdk.wrapLanguageModel({ model: served(upstream, 'panel-1'), middleware });
        await createEnsemble({ models: [fromAiSdk(model)] }).predict(QUESTION);
        assert.equal(upstream.sent()[0]?.temperature, 0.2);
        return '1 call';
      }),
    'the contract of every model, with `@ai-sdk/openai-compatible`': async () => {
      const cases = modelContract({
        name: '',
        dialect: 'openai-chat',
        createModel: ({ baseURL }) =>
          fromAiSdk(served({ url: `${baseURL}/v1` }, 'm', { apiKey: 'sk-contract' })),
        limitations: LIMITATIONS,
      });
      const kept = cases.filter(({ name }) => !EXCEPTIONS.includes(name.trim()));
      assert.equal(cases.length - kept.length, EXCEPTIONS.length);
      for (const { run } of kept) await run();
      return `${kept.length} of ${cases.length} cases`;
    },
  };
};

/** What the provider cannot do: it follows redirects, reads bodies of any length, and sends no URLs. */
const LIMITATIONS = [
  ...(['no-body-cap', 'follows-redirects'] as const),
  ...(['no-image-url', 'no-pdf-url', 'no-audio-url', 'no-file', 'no-file-url'] as const),
];

/** The cases that no member with this provider can keep. */
const EXCEPTIONS: readonly string[] = [
  // The provider does not pass on `refusal`.
  'reports the finish reason of an unfinished answer',
  // It rejects a reply whose usage is none.
  'keeps a paid answer whose usage is impossible, without that part of its usage and with a warning',
  // It reads a message without content as an empty answer, which does not vote.
  'rejects replies that are not answers: HTML, an empty body, JSON that is cut or has other fields',
  // It sends files of text within the text.
  'refuses a file: file before anything is sent',
  // It waits for the end of the connection.
  'answers though the server leaves the connection open after the stream, and closes it',
  'reports the finish reason of a stream',
];

/** Checks and runs the examples of examples/ai-sdk with the installed packages. */
export const exampleTrials = ({ folder }: Installed): Record<string, Trial> => {
  const copied = new URL('examples/', folder.url);
  const run = async (program: string, ...args: readonly string[]): Promise<string> => {
    try {
      const { stdout } = await promisify(execFile)(program, args, {
        cwd: fileURLToPath(copied),
        timeout: 60_000,
      });
      return stdout;
    } catch (error) {
      throw new Error((error as { stdout?: string }).stdout || String(error));
    }
  };
  cpSync(new URL('../../examples/ai-sdk/', import.meta.url), copied, { recursive: true });
  return {
    'the examples: types of an agent, the route of a chat and a React component': async () => {
      await run(fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url)), '-p', '.');
      return '0 errors';
    },
    'the example of an agent': async () => {
      const printed = await run(process.execPath, 'agent.ts');
      assert.match(
        printed,
        /findCapital [^\n]*\n {2}2 × [^\n]*\n {2}1 × [^\n]*\nforecast [^\n]*Rome.*It will be 21 °C in Rome\./s,
      );
      return printed.trim().split('\n').at(-1);
    },
  };
};
