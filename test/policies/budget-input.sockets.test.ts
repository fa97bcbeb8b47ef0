import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defer, of } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Model,
  type ModelRequest,
  type Pricing,
  statedConfidence,
} from '../../src/index.ts';
import { attemptListener, budget, cache, retry, spendingCap, timeout } from '../../src/policies/policies.ts';
import { type AnswerFormat, openaiCompatible } from '../../src/providers/openai-compatible.ts';

/** A dollar for a thousand tokens, read or written. */
const pricing: Pricing = {
  priceOf: (_model, { inputTokens = 0, outputTokens = 0 }) => ({ usd: (inputTokens + outputTokens) / 1000 }),
  countTokens: (text) => text.length,
};
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Every byte of what it is sent is a token, the most that a tokenizer makes. */
const inputOf = ({ system = '', answerSchema, messages }: ModelRequest): number =>
  bytesOf([system, JSON.stringify(answerSchema) ?? '', ...messages.map(({ content }) => content)].join(''));

const paidModel = (bill: (tokens: number) => void): Model => ({
  id: 'a',
  call: (request) =>
    defer(() => {
      const usage = { inputTokens: inputOf(request), outputTokens: request.maxOutputTokens ?? 1e6 };
      bill(usage.inputTokens + usage.outputTokens);
      return Promise.resolve({ text: '{"answer":"yes","confidence":0.9}', usage });
    }),
});

/** A wrapper of a caller, by the rule on the page of the policy. */
const withPrompt =
  (system: string) =>
  (model: Model): Model => ({
    ...model,
    call(request) {
      const longer = { ...request, system };
      attemptListener(request)?.attemptSends(longer);
      return model.call(longer);
    },
  });

const wrappers: Readonly<Record<string, (model: Model) => Model>> = {
  nothing: (model) => model,
  statedConfidence,
  'a system prompt': withPrompt('Consider it well. '.repeat(20)),
  'a system prompt beyond the cap': withPrompt('Consider it well. '.repeat(2000)),
  'both of them': (model) => statedConfidence(withPrompt('Consider it well. '.repeat(20))(model)),
  'a retry around it': (model) => retry({ baseDelayMs: 0 })(statedConfidence(model)),
  'a retry within it': (model) => statedConfidence(retry({ baseDelayMs: 0 })(model)),
  'a timeout around it': (model) => timeout(1000)(statedConfidence(model)),
  'a cache around it': (model) => cache()(statedConfidence(model)),
};

describe('a budget around what adds to the request', () => {
  it.each(Object.entries(wrappers))('is never exceeded: %s', async (_, wrapped) => {
    for (const maxUsd of [0.05, 0.5, 1.3, 3]) {
      let billedUsd = 0;
      const cap = spendingCap({ maxUsd });
      const model = budget({ caps: [cap], maxOutputTokens: 10, pricing })(
        wrapped(
          paidModel((tokens) => {
            billedUsd += tokens / 1000;
          }),
        ),
      );
      const ensemble = createEnsemble({ models: [model], pricing });
      await Promise.allSettled(Array.from({ length: 20 }, (__, index) => ensemble.predict(`q${index}`)));
      for (let index = 0; index < 20; index += 1) await ensemble.predict(`p${index}`).catch(() => undefined);
      expect(billedUsd).toBeLessThanOrEqual(maxUsd + 1e-9);
      expect(cap.spentUsd()).toBeCloseTo(billedUsd, 6);
      expect(cap.reservedUsd()).toBe(0);
    }
  });

  it('sends nothing if the longer request does not fit, and says so', async () => {
    let requests = 0;
    const asked = defineModel('a', () => {
      requests += 1;
      return 'yes';
    });
    const cap = spendingCap({ maxUsd: 0.2 });
    const models = [budget({ caps: [cap], maxOutputTokens: 10, pricing })(statedConfidence(asked))];
    const failed = createEnsemble({ models, pricing }).predict('?');
    await expect(failed).rejects.toMatchObject({
      outcomes: [{ costUsd: 0, error: { name: 'BudgetExceededError' } }],
    });
    expect([requests, cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0, 0, 0]);
  });

  it('reserves for the next call at once what the last one added, so that it can wait for it', async () => {
    const cap = spendingCap({ maxUsd: 0.9 });
    const models = [
      budget({ caps: [cap], maxOutputTokens: 10, pricing })(
        statedConfidence({ id: 'a', call: () => of({ text: 'yes', costUsd: 0.001 }) }),
      ),
    ];
    const ensemble = createEnsemble({ models, pricing });
    await ensemble.predict('?');
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => ensemble.predict('?')));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
  });

  it('asks for no more after one long request than the next one needs', async () => {
    const cap = spendingCap({ maxUsd: 1 });
    let system = 'x'.repeat(800);
    const wrapped = (model: Model): Model => ({
      ...model,
      call: (request) => withPrompt(system)(model).call(request),
    });
    const models = [
      budget({ caps: [cap], maxOutputTokens: 10, pricing })(
        wrapped({ id: 'a', call: () => of({ text: 'yes', costUsd: 0.5 }) }),
      ),
    ];
    const ensemble = createEnsemble({ models, pricing });
    await ensemble.predict('?');
    system = 'x';
    expect((await ensemble.predict('?')).answer).toBe('yes');
  });
});

describe('a budget around a provider that adds to the request', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => server?.close(resolve)));

  it.each([
    ['json_schema', {}],
    ['json_object', {}],
    ['none', {}],
    ['json_schema', { tools: [{ type: 'function', function: { name: 'x'.repeat(300) } }] }],
  ] as const)('is never exceeded: %s %j', async (answerFormat, parameters) => {
    let billedUsd = 0;
    const listening = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { messages, response_format, tools, max_tokens, max_completion_tokens } = JSON.parse(body);
        const contents = messages.map(({ content }: { content: string }) => content).join('');
        const read = [contents, JSON.stringify(response_format) ?? '', JSON.stringify(tools) ?? ''].join('');
        const usage = {
          prompt_tokens: bytesOf(read),
          completion_tokens: max_tokens ?? max_completion_tokens,
        };
        billedUsd += (usage.prompt_tokens + usage.completion_tokens) / 1000;
        response.setHeader('content-type', 'application/json');
        const message = { role: 'assistant', content: '{"answer":"yes","confidence":1}' };
        response.end(
          JSON.stringify({ id: 'x', choices: [{ index: 0, finish_reason: 'stop', message }], usage }),
        );
      });
    });
    server = listening;
    await new Promise<void>((resolve) => {
      listening.listen(0, '127.0.0.1', () => resolve());
    });
    const baseURL = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1`;
    const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
    const options = { baseURL, id: 'm', answerFormat: answerFormat as AnswerFormat, parameters };
    for (const wrapped of [statedConfidence, (model: Model) => model]) {
      for (const maxUsd of [0.3, 0.9, 1.5]) {
        billedUsd = 0;
        const cap = spendingCap({ maxUsd });
        const models = [
          budget({ caps: [cap], maxOutputTokens: 10, pricing })(wrapped(openaiCompatible('m', options))),
        ];
        const request = { prompt: '?', messages: [{ role: 'user', content: '?' }], answerSchema: schema };
        const ensemble = createEnsemble({ models, pricing });
        await Promise.allSettled(Array.from({ length: 6 }, () => ensemble.predict(request as never)));
        for (let index = 0; index < 6; index += 1) {
          await ensemble.predict(request as never).catch(() => undefined);
        }
        expect(billedUsd).toBeLessThanOrEqual(maxUsd + 1e-9);
        expect(cap.spentUsd()).toBeCloseTo(billedUsd, 6);
      }
    }
  });
});
