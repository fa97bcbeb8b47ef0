import { createEnsemble, type Ensemble } from '../../src/index.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import type { SeenRequest } from '../../src/testing/fault-server.ts';
import { json, type Reply, stalledHeaders } from '../../src/testing/replies.ts';

/** The tokens that the upstream reports for each call. */
export const USAGE = {
  prompt_tokens: 10,
  completion_tokens: 2,
  total_tokens: 12,
  prompt_tokens_details: { cached_tokens: 4 },
};

/** What each model of the upstream says. */
const texts: Readonly<Record<string, string>> = {
  'panel-1': 'It is 4.',
  'panel-2': '4',
  'panel-3': '5',
  'cities-1': '{"city":"Rome"}',
  'cities-2': '{"city": "Rome"}',
  'cities-3': '{"town":1}',
};

/** The ensembles of {@link panels}, each of three models. */
export type PanelName = 'panel' | 'cities' | 'booking' | 'broken' | 'slow';

interface UpstreamRequest {
  readonly model: string;
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly tool_choice?: unknown;
  readonly messages: readonly { readonly role: string }[];
}

/** The body of a request that the upstream received. */
const sentTo = (request: SeenRequest): UpstreamRequest & Readonly<Record<string, unknown>> =>
  request.json() as UpstreamRequest & Readonly<Record<string, unknown>>;

const completion = (message: object, finish_reason: string): Reply =>
  json({
    id: 'c',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    usage: USAGE,
  });

/** Answers a call as the upstream of {@link panels}. */
export const upstreamReply = (request: SeenRequest): Reply => {
  const { model, messages, tools = [], tool_choice } = sentTo(request);
  const [name = '', number] = model.split('-');
  if (name === 'slow') return stalledHeaders();
  if (name === 'broken') return json({ error: { message: 'down' } }, { status: 500 });
  const [tool] = tools;
  if (name === 'cities' && tool !== undefined && tool_choice !== 'auto') {
    // Some clients ask for an object by a tool that must be called.
    const call = { name: tool.function.name, arguments: texts[model] };
    return completion(
      { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: call }] },
      'tool_calls',
    );
  }
  if (name !== 'booking') return completion({ content: texts[model] ?? '?' }, 'stop');
  if (messages.at(-1)?.role === 'tool') return completion({ content: 'It is booked.' }, 'stop');
  const call = { name: 'book', arguments: JSON.stringify({ guests: number === '3' ? 5 : 4 }) };
  return completion(
    { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: call }] },
    'tool_calls',
  );
};

/** Ensembles of three models each, which call an upstream over HTTP. */
export const panels = (baseURL: string): Readonly<Record<string, Ensemble>> => {
  const models = (name: string) =>
    [1, 2, 3].map((number) =>
      openaiCompatible(`${name}-${number}`, { baseURL: `${baseURL}/v1`, apiKey: 'upstream' }),
    );
  const named: Readonly<Record<PanelName, Ensemble>> = {
    panel: createEnsemble({ models: models('panel'), normalization: 'numeric' }),
    cities: createEnsemble({ models: models('cities') }),
    booking: createEnsemble({ models: models('booking') }),
    broken: createEnsemble({ models: models('broken') }),
    slow: createEnsemble({ models: models('slow') }),
  };
  // Some clients choose the API by the name of the model.
  return {
    ...named,
    ...Object.fromEntries(Object.entries(named).map(([name, panel]) => [`${name}-codex`, panel])),
  };
};
