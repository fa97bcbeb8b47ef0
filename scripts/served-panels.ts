/**
 * An upstream in the dialect of chat completions, for checks of frameworks: its models say what the check says, streamed if they
 * are asked for a stream, and the check counts calls and closed connections.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type FaultServer, type SeenRequest, startFaultServer } from '../src/testing/fault-server.ts';
import { eventStream, json, type Reply, stalledHeaders } from '../src/testing/replies.ts';

/** What a model of the upstream says: a text, a call of a tool, a failure with a status, or nothing, ever. */
export type Saying =
  | string
  | { readonly tool: string; readonly input: object }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | 'never';

/** A request that the upstream received. */
export interface SentRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly stream?: boolean;
  readonly [field: string]: unknown;
}

export interface Upstream extends Pick<FaultServer, 'requests' | 'close'> {
  /** The base URL of the API. */
  readonly url: string;
  readonly sent: () => readonly SentRequest[];
  /** Waits until the upstream has received so many requests. */
  readonly received: (count: number) => Promise<void>;
  /** Waits until the clients have closed so many connections, and says how many of all that is. */
  readonly closed: (count: number) => Promise<string>;
}

/** The tokens of each call. */
export const USAGE = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };

const sentTo = (request: SeenRequest): SentRequest => request.json() as SentRequest;

const replyOf = (saying: Saying, { stream = false, model }: SentRequest): Reply => {
  if (saying === 'never') return stalledHeaders();
  if (typeof saying === 'object' && 'status' in saying)
    return json({ error: { message: 'down', type: 'server_error' } }, saying);
  const isText = typeof saying === 'string';
  const calls = isText
    ? []
    : [
        {
          index: 0,
          id: 'call_1',
          type: 'function',
          function: { name: saying.tool, arguments: JSON.stringify(saying.input) },
        },
      ];
  const message = {
    role: 'assistant',
    content: isText ? saying : null,
    ...(!isText && { tool_calls: calls }),
  };
  const finish_reason = isText ? 'stop' : 'tool_calls';
  const head = { id: 'c', created: 0, model };
  if (!stream)
    return json({
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason }],
      usage: USAGE,
    });
  const chunk = (more: object): { data: string } => ({
    data: JSON.stringify({ ...head, object: 'chat.completion.chunk', ...more }),
  });
  return eventStream([
    chunk({ choices: [{ index: 0, delta: message, finish_reason: null }] }),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason }] }),
    chunk({ choices: [], usage: USAGE }),
    { data: '[DONE]' },
  ]);
};

/** @param say returns what a model says to a request. */
export const startUpstream = async (say: (request: SentRequest) => Saying): Promise<Upstream> => {
  const server = await startFaultServer();
  server.answer((request) => {
    const sent = sentTo(request);
    return replyOf(say(sent), sent);
  });
  return {
    url: `${server.baseURL}/v1`,
    requests: server.requests,
    close: server.close,
    sent: () => server.requests.map(sentTo),
    async received(count) {
      await server.seen(count - 1);
    },
    async closed(count) {
      const closed = (): number => server.requests.filter((request) => request.isAbandoned()).length;
      for (let waits = 0; closed() < count && waits < 500; waits += 1) await pause(10);
      assert.equal(closed(), count, 'connections that the client closed');
      return `${count} of ${server.requests.length}`;
    },
  };
};

/** The members of a panel, such as `agent-1`; the last one errs. */
export const memberNames = (panel: string): readonly string[] =>
  [1, 2, 3].map((number) => `${panel}-${number}`);

/** What the models of the panels of the checks say. */
export const sayingOf = ({ model, messages }: SentRequest): Saying => {
  const [panel = '', number = ''] = model.split('-');
  const errs = number === '3';
  switch (panel) {
    case 'panel':
      return errs ? '5' : 'It is 4.';
    case 'cities':
      return errs ? '{"city":"Lyon"}' : '{"city":"Paris"}';
    case 'agent':
      return stepOf(messages, errs);
    case 'decided':
      return errs ? 'never' : 'It is 4.';
    case 'slow':
      return 'never';
    default:
      return { status: 500 };
  }
};

/** The question of the agents, and what its tools return: two calls, one after the other. */
export const TASK = {
  question: 'How many millions live in the capital of France?',
  tools: {
    capital: { of: 'country', results: { France: 'Paris', Spain: 'Madrid' } },
    population: { of: 'city', results: { Paris: '2.1', Madrid: '3.4' } },
  },
  answer: 'About 2.1 million.',
} as const;

/** One step of an agent: the call of one tool, of the other, and the answer. The one that errs calls a wrong tool at each step. */
const stepOf = (messages: SentRequest['messages'], errs: boolean): Saying => {
  const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
  if (errs) return { tool: 'population', input: { city: 'Madrid' } };
  const [capital, population] = results;
  if (capital === undefined) return { tool: 'capital', input: { country: 'France' } };
  if (population === undefined) return { tool: 'population', input: { city: capital } };
  return `About ${population} million.`;
};
