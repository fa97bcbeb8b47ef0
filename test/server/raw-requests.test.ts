import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { createCallers, createEnsembleHandler } from '../../src/server/server.ts';
import { framesIn, post } from './post.ts';

const panel = createEnsemble({
  models: ['4', '4', '5'].map((text, index) => defineModel(`m${index}`, () => text)),
});
const callers = createCallers({
  keys: [{ name: 'ann', sha256: createHash('sha256').update('key-of-ann').digest('hex') }],
});
const { fetch } = createEnsembleHandler({ ensembles: { panel }, callers });
const key = { authorization: 'Bearer key-of-ann' };
const text = 'What is 2 + 2?';
const readFile = {
  type: 'object',
  properties: { path: { type: 'string' } },
  required: ['path'],
  additionalProperties: false,
};

/** Requests as applications send them, by their sources and their documentation. */
const requests: readonly (readonly [string, string, object, Record<string, string>])[] = [
  [
    'Open WebUI, a chat',
    '/v1/chat/completions',
    {
      stream: true,
      model: 'panel',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: text },
      ],
      stream_options: { include_usage: true },
    },
    { ...key, 'x-openwebui-user-name': 'Ann' },
  ],
  [
    'Open WebUI, a title',
    '/v1/chat/completions',
    {
      model: 'panel',
      messages: [{ role: 'user', content: text }],
      stream: false,
      max_completion_tokens: 1_000,
    },
    key,
  ],
  [
    'Continue',
    '/v1/chat/completions',
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text }] },
      ],
      model: 'panel',
      max_tokens: 4_096,
      stream: true,
      stream_options: { include_usage: true },
      tools: [
        {
          type: 'function',
          function: { name: 'read_file', description: 'Reads a file', parameters: readFile },
        },
      ],
      parallel_tool_calls: false,
    },
    { ...key, 'api-key': 'key-of-ann' },
  ],
  [
    'LibreChat',
    '/v1/chat/completions',
    {
      model: 'panel',
      user: '6650f0',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 1,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      messages: [{ role: 'user', content: text }],
    },
    key,
  ],
  [
    'Claude Code',
    '/v1/messages?beta=true',
    {
      model: 'panel',
      max_tokens: 32_000,
      stream: true,
      temperature: 1,
      system: [
        { type: 'text', text: 'You are an agent.', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '<system-reminder>None.</system-reminder>' },
            { type: 'text', text, cache_control: { type: 'ephemeral' } },
          ],
        },
      ],
      tools: [
        {
          name: 'Read',
          description: 'Reads a file',
          input_schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', ...readFile },
        },
      ],
      thinking: { type: 'adaptive' },
      metadata: { user_id: 'user_1_account__session_2' },
    },
    { ...key, 'anthropic-version': '2023-06-01', 'anthropic-beta': 'claude-code-20250219', 'x-app': 'cli' },
  ],
];

test.each(requests)('answers a request of %s', async (_, path, body, headers) => {
  const response = await fetch(
    post(path, body, { headers: { 'content-type': 'application/json', ...headers } }),
  );
  const answer = await response.text();
  expect([response.status, answer]).toEqual([200, expect.any(String)]);
  const last = JSON.stringify(
    'stream' in body && body.stream === true ? framesIn(answer) : JSON.parse(answer),
  );
  expect(last).toMatch(/"(?:content|text)":"4"/);
  expect(last).not.toContain('"error"');
});

test('a path of Anthropic that there is not is a 404, after which Claude Code counts the tokens itself', async () => {
  const body = { model: 'panel', messages: [{ role: 'user', content: text }] };
  const response = await fetch(post('/v1/messages/count_tokens?beta=true', body, { headers: key }));
  expect(response.status).toBe(404);
});
