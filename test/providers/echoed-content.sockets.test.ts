import { inspect } from 'node:util';
import { type FaultServer, json, type SeenRequest, startFaultServer } from 'crucible-ensemble/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  attachLogger,
  createEnsemble,
  type EnsembleEvent,
  InvalidRequestError,
  type Model,
  type Query,
} from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const secrets = {
  bytes: Buffer.from('the canary of the bytes').toString('base64'),
  address: 'canary-of-the-address',
  description: 'canary-of-the-description',
  schema: 'canary-of-the-schema',
  argument: 'canary-of-the-argument',
  result: 'canary-of-the-result',
};

const call = { toolCallId: 'c', toolName: 'add' };

const query: Query = {
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'file', data: secrets.bytes, mediaType: 'image/png' },
        {
          type: 'image',
          image: `https://files.example/a.png?signature=${secrets.address}`,
          mediaType: 'image/png',
        },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool-call', ...call, input: { a: secrets.argument } }] },
    {
      role: 'tool',
      content: [{ type: 'tool-result', ...call, output: { type: 'text', value: secrets.result } }],
    },
  ],
  tools: {
    add: {
      description: secrets.description,
      inputSchema: { type: 'object', properties: { a: { type: 'string', description: secrets.schema } } },
    },
  },
};

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
});

afterEach(() => server.close());

const apiKey = 'a key of mine';

const lines: Readonly<Record<string, () => Model>> = {
  'openai, chat': () => openai('m', { baseURL: `${server.baseURL}/v1`, apiKey, api: 'chat' }),
  'openai, responses': () => openai('m', { baseURL: `${server.baseURL}/v1`, apiKey, api: 'responses' }),
  anthropic: () => anthropic('m', { baseURL: server.baseURL, apiKey }),
  googleGenAI: () => googleGenAI('m', { baseURL: server.baseURL, apiKey }),
  gemini: () => gemini('m', { baseURL: server.baseURL, apiKey }),
  openaiCompatible: () => openaiCompatible('m', { baseURL: `${server.baseURL}/v1`, apiKey }),
  'openaiCompatible, fetch': () =>
    openaiCompatible('m', { baseURL: `${server.baseURL}/v1`, apiKey, fetch: globalThis.fetch }),
};

/** Bodies of refusals that repeat what was sent. */
const echoes: Readonly<Record<string, (body: string) => unknown>> = {
  'in its message': (body) => ({
    error: { message: `Invalid value: ${body}`, type: 'invalid_request_error' },
  }),
  'in quotes, as if it were a parameter': (body) => ({
    error: { message: `'${body}' is not supported`, param: body },
  }),
  'as the place of a validation error': (body) => ({
    detail: [{ loc: ['body', body], msg: 'extra', input: JSON.parse(body) }],
  }),
  'as all of its fields': (body) => ({
    error: { code: body, type: body, status: body, param: body, message: body },
  }),
  'as it is': (body) => JSON.parse(body),
};

describe.each(Object.entries(lines))('%s', (_line, create) => {
  it.each(Object.entries(echoes))(
    'shows nothing of a request that a refusal repeats %s',
    async (_where, echo) => {
      const seen: SeenRequest[] = [];
      server.answer((request) => {
        seen.push(request);
        return json(echo(request.body), { status: 400, headers: { 'x-note': secrets.argument } });
      });
      const told: unknown[] = [];
      const events: EnsembleEvent[] = [];
      const ensemble = createEnsemble({ models: [create()] });
      const write = (line: unknown) => told.push(line);
      attachLogger(ensemble, { debug: write, info: write, warn: write, error: write });
      ensemble.events$.subscribe((event) => events.push(event));
      const error = await ensemble.predict(query).catch((failure: Error) => failure);
      const { cause } = error as Error;
      expect(cause).toBeInstanceOf(InvalidRequestError);
      for (const secret of Object.values(secrets)) expect(seen[0]?.body).toContain(secret);
      const shown = [
        ...told,
        JSON.stringify([events, error, cause]),
        ...[error, cause].flatMap((one) => [
          (one as Error).stack,
          inspect(one, { depth: 20, showHidden: true, maxStringLength: null }),
        ]),
        inspect(events, { depth: 20, maxStringLength: null }),
      ].join('\n');
      for (const secret of Object.values(secrets)) {
        const at = shown.replaceAll(inspect(query, { depth: 20 }), '').indexOf(secret);
        expect(shown.slice(Math.max(0, at - 60), at + 60 * Number(at >= 0))).not.toContain(secret);
      }
    },
  );
});
