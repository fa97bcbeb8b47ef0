import 'reflect-metadata';
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createEnsemble, defineModel, type Ensemble } from 'crucible-ensemble';
import type { Stats } from 'crucible-ensemble/metrics';
import { getEnsembleToken } from 'crucible-ensemble/nest';
import { AppModule } from './app.module.ts';
import { configured } from './configured.ts';
import type { Answer } from './questions.controller.ts';

const panel = (...answers: (string | Error)[]): Ensemble =>
  createEnsemble({
    models: answers.map((answer, n) =>
      defineModel(`model-${n}`, () => {
        if (answer instanceof Error) throw answer;
        return answer;
      }),
    ),
    normalization: 'numeric',
  });

interface Answered extends Answer {
  readonly error?: string;
}

const adapters = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

for (const [name, adapter] of Object.entries(adapters))
  describe(`the application under ${name}`, () => {
    let app: INestApplication;
    let url: string;

    /** Starts it, with another panel if there is one. */
    const start = async (ensemble?: Ensemble): Promise<void> => {
      const building = Test.createTestingModule({ imports: [AppModule] });
      if (ensemble !== undefined) building.overrideProvider(getEnsembleToken()).useValue(ensemble);
      app = configured((await building.compile()).createNestApplication(adapter(), { logger: false }));
      await app.listen(0, '127.0.0.1');
      url = await app.getUrl();
    };
    const ask = async (question: string): Promise<{ status: number; body: Answered }> => {
      const response = await fetch(`${url}/questions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ question }),
      });
      return { status: response.status, body: (await response.json()) as Answered };
    };

    afterEach(() => app.close());

    it('answers by a vote', async () => {
      await start(panel('4', 'It is 4.', '5'));
      const { status, body } = await ask('What is 2 + 2?');
      assert.deepEqual([status, body.answer, body.consensus], [200, 4, 2 / 3]);
    });

    it('asks each model each question once', async () => {
      await start();
      const question = `What is 17 * 23? (${name})`;
      const first = await ask(question);
      const second = await ask(question);
      assert.deepEqual([first.body.answer, second.body.answer], [391, 391]);
      assert.deepEqual([first.body.cachedCalls, second.body.cachedCalls], [0, 3]);
      assert.equal(second.body.costUsd, 0);
    });

    it('says why there is no answer', async () => {
      await start(panel(new Error('down')));
      const { status, body } = await ask('What is 2 + 2?');
      assert.deepEqual([status, body.error], [424, 'AllModelsFailedError']);
      assert.equal((await ask('')).status, 400);
    });

    it('streams each vote', async () => {
      await start(panel('4', '4', '5'));
      const response = await fetch(`${url}/questions/events?question=2%2B2`);
      const text = await response.text();
      assert.equal(text.match(/^event: response$/gm)?.length, 3);
      assert.match(text, /^event: complete\nid: \d+\ndata: .*"answer":4/m);
    });

    it('answers clients of OpenAI', async () => {
      await start();
      const response = await fetch(`${url}/ai/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'panel', messages: [{ role: 'user', content: 'What is 6 * 7?' }] }),
      });
      const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
      assert.equal(choices[0]?.message.content, '42');
    });

    it('tells its health and its metrics', async () => {
      await start();
      await ask('What is 2 + 2?');
      const health = await (await fetch(`${url}/health`)).json();
      assert.partialDeepStrictEqual(health, {
        status: 'ok',
        details: { cache: { status: 'up' }, ensembles: { ensembles: { panel: { status: 'up' } } } },
      });
      const statistics = (await (await fetch(`${url}/metrics/statistics`)).json()) as Stats;
      assert.deepEqual([statistics.count, statistics.successes], [1, 1]);
      assert.match(
        await (await fetch(`${url}/metrics`)).text(),
        /^gen_ai_client_operation_duration_count.*model-1/m,
      );
    });
  });
