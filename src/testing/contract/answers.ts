import assert from 'node:assert/strict';
import { MalformedResponseError } from '../../domain/errors.ts';
import type { SystemMessage } from '../../domain/message.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { providerWarnings } from '../../domain/provider-report.ts';
import type { Conversation } from '../../domain/request.ts';
import { toRequest } from '../../engine/to-request.ts';
import { cutJson, html, json, body as plainBody } from '../replies.ts';
import type { CallResult, Clause, Stage } from './clause.ts';

const USAGE = { inputTokens: 11, outputTokens: 7 };

/** Returns the response. Fails with the error if the call ended without a response. */
export const answered = ({ response, error }: CallResult): ModelResponse => {
  if (response === undefined)
    throw new assert.AssertionError({ message: `the call ended without a response: ${error}` });
  return response;
};

/** Fails unless a response counts, but says nothing of one of its totals, and warns. */
export const hasUnknown = (field: 'inputTokens' | 'outputTokens', response: ModelResponse): void => {
  assert.equal(response.usage?.[field], undefined, `${field} was accepted`);
  const warnings = providerWarnings(response);
  assert.ok(warnings.length > 0, `no warning about ${field}`);
};

const isMalformed = async (stage: Stage, what: string): Promise<void> => {
  const { response, error } = await stage.ask();
  assert.equal(response, undefined, `${what} was accepted as an answer`);
  assert.ok(error instanceof MalformedResponseError, `${what} gave: ${error}`);
};

/** Calls that get a whole reply, valid or not. */
export const answerClauses: readonly Clause[] = [
  {
    name: 'answers with text, usage and finish reason',
    check: async ({ server, dialect, ask }) => {
      server.script(json(dialect.answer({ text: 'Grüße: 391 🦊', usage: USAGE })));
      const { text, usage, finishReason } = answered(await ask());
      assert.equal(text, 'Grüße: 391 🦊');
      assert.equal(finishReason, 'stop');
      assert.deepEqual({ inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens }, USAGE);
    },
  },
  {
    name: 'sends the whole conversation in one POST, with the key',
    check: async ({ server, dialect, ask, model }) => {
      server.script(json(dialect.answer({ text: '391' })));
      const messages = [
        { role: 'user', content: 'Let us do sums.' },
        { role: 'assistant', content: 'Gladly; which?' },
        { role: 'user', content: 'Seventeen times 23.' },
      ] as const;
      await ask({ system: 'You are terse.', messages, prompt: messages[2].content });
      assert.equal(server.requests.length, 1);
      const [request] = server.requests;
      assert.equal(request?.method, 'POST');
      assert.equal(request?.headers['x-should-not-be-there'], undefined);
      const sent = `${request?.path} ${request?.body}`;
      const texts = ['You are terse.', ...messages.map(({ content }) => content)];
      for (const text of texts) assert.equal(sent.split(text).length - 1, 1, `sent once: ${text}`);
      const turns = messages.map(({ content }) => sent.indexOf(content));
      assert.deepEqual(
        turns,
        turns.toSorted((a, b) => a - b),
      );
      if (model.modelId !== undefined) assert.ok(sent.includes(model.modelId), 'names the model');
    },
  },
  {
    name: 'sends instructions the same, wherever a conversation has them',
    check: async ({ server, dialect, ask }) => {
      const turn = { role: 'user', content: 'Seventeen times 23.' } as const;
      const [brief, kind] = ['You are terse.', 'You are kind.'].map(
        (content) => ({ role: 'system', content }) as const,
      ) as [SystemMessage, SystemMessage];
      const conversations: readonly Conversation[] = [
        { system: `${brief.content}\n\n${kind.content}`, messages: [turn] },
        { system: brief.content, messages: [kind, turn] },
        { messages: [brief, turn, kind] },
      ];
      for (const conversation of conversations) {
        server.script(json(dialect.answer({ text: '391' })));
        answered(await ask(toRequest(conversation)));
      }
      const [first, ...others] = server.requests.map(({ body }) => body);
      for (const text of ['terse', 'kind', 'Seventeen'])
        assert.equal(first?.split(text).length, 2, `sent once: ${text}`);
      for (const body of others) assert.equal(body, first);
    },
  },
  {
    name: 'keeps the request id',
    unless: 'no-headers',
    check: async ({ server, dialect, ask }) => {
      if (dialect.requestIdHeader === undefined) return;
      const headers = { [dialect.requestIdHeader]: 'req_served_1' };
      server.script(json(dialect.answer({ text: '391' }), { headers }));
      assert.equal(answered(await ask()).requestId, 'req_served_1');
      server.script(json(dialect.error(500, 'broken'), { status: 500, headers }));
      assert.equal(Reflect.get((await ask()).error as object, 'requestId'), 'req_served_1');
    },
  },
  {
    name: 'asks for an answer that fits a JSON Schema',
    unless: 'no-answer-schema',
    check: async ({ server, dialect, ask }) => {
      server.script(json(dialect.answer({ text: '{"productOfBoth":391}' })));
      const answerSchema = {
        type: 'object',
        properties: { productOfBoth: { type: 'number' } },
        required: ['productOfBoth'],
        additionalProperties: false,
      };
      assert.equal(answered(await ask({ answerSchema })).text, '{"productOfBoth":391}');
      assert.ok(server.requests[0]?.body.includes('"productOfBoth"'));
    },
  },
  {
    name: 'reports the finish reason of an unfinished answer',
    check: async ({ server, dialect, ask }) => {
      for (const finishReason of dialect.finishReasons) {
        server.script(json(dialect.answer({ text: 'I', finishReason })));
        assert.equal(answered(await ask()).finishReason, finishReason);
      }
    },
  },
  {
    name: 'reports missing usage as unknown, and 0 as 0',
    check: async ({ server, dialect, ask }) => {
      server.script(json(dialect.answer({ text: '391' })));
      const { usage } = answered(await ask());
      assert.equal(usage?.inputTokens, undefined);
      assert.equal(usage?.outputTokens, undefined);
      server.script(json(dialect.answer({ text: '391', usage: { inputTokens: 0, outputTokens: 0 } })));
      const none = answered(await ask()).usage;
      assert.deepEqual([none?.inputTokens, none?.outputTokens], [0, 0]);
    },
  },
  {
    name: 'keeps a paid answer whose usage is impossible, without that part of its usage and with a warning',
    check: async ({ server, dialect, ask }) => {
      for (const tokens of [-1, 'many', true, [], 0.5, 1e300]) {
        for (const field of ['inputTokens', 'outputTokens'] as const) {
          server.script(json(dialect.answer({ text: '391', usage: { ...USAGE, [field]: tokens } })));
          hasUnknown(field, answered(await ask()));
        }
      }
    },
  },
  {
    name: 'rejects replies that are not answers: HTML, an empty body, JSON that is cut or has other fields',
    check: async (stage) => {
      const { server, dialect } = stage;
      const jsonType = { headers: { 'content-type': 'application/json' } };
      const replies = {
        HTML: html(),
        'HTML that is called JSON': html(jsonType),
        'an empty body': plainBody(''),
        'an empty body that is called JSON': plainBody('', jsonType),
        'cut JSON': cutJson(dialect.answer({ text: 'a long answer', usage: USAGE })),
        'a status without a body': plainBody('', { status: 204 }),
      };
      for (const [what, reply] of Object.entries(replies)) {
        server.script(reply);
        await isMalformed(stage, what);
      }
      for (const [what, value] of Object.entries(dialect.malformed)) {
        server.script(json(value));
        await isMalformed(stage, what);
      }
      assert.equal(server.requests.length, Object.keys({ ...replies, ...dialect.malformed }).length);
    },
  },
];
