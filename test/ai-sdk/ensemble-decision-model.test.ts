import type { Experimental_DecisionModelV4CallOptions as DecisionCall } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { ensembleDecisionModel } from '../../src/ai-sdk/ai-sdk-experimental.ts';
import {
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type ModelRequest,
  weighted,
} from '../../src/index.ts';

const usage = { inputTokens: 10, outputTokens: 2 };

/** Members that answer by the last line of the question's instructions, and what they were asked. */
const modelOf = (
  answers: readonly Readonly<Record<string, string | Error>>[],
  options: Partial<EnsembleOptions> = {},
) => {
  const seen: ModelRequest[] = [];
  const signals: AbortSignal[] = [];
  const models = answers.map((byQuestion, index) =>
    defineModel(`model-${index}`, (question, { request, signal }) => {
      seen.push(request);
      signals.push(signal);
      const [, answer = ''] = Object.entries(byQuestion).find(([about]) => question.includes(about)) ?? [];
      if (answer instanceof Error) throw answer;
      return answer === 'never' ? new Promise<string>(() => undefined) : { text: answer, usage };
    }),
  );
  const model = ensembleDecisionModel(createEnsemble({ models, ...options } as never));
  return {
    model,
    seen,
    signals,
    decide: (questions: DecisionCall['questions'], more: Partial<DecisionCall> = {}) =>
      model.doDecide({ state: [{ type: 'text', text: 'The parcel never came.' }], questions, ...more }),
  };
};

const refund = { type: 'boolean', instructions: 'Is a refund due?' } as const;
const team = {
  type: 'choice',
  instructions: { task: 'Choose the team.' },
  criteria: { shipping: 'parcels', billing: { about: 'money' }, other: null },
} as const;
const urgency = { type: 'score', instructions: 'How urgent?', criteria: ['low', null, 'high'] } as const;

describe('an ensemble as a decision model', () => {
  it('answers each question by the shares of its votes, with the tokens of all calls', async () => {
    const { decide, model, seen } = modelOf([
      { refund: 'yes', team: 'shipping', urgent: '2' },
      { refund: 'true', team: 'billing', urgent: '0' },
      { refund: 'no', team: 'shipping', urgent: '2' },
    ]);
    expect(model).toMatchObject({
      provider: 'crucible',
      supportedQuestionTypes: ['boolean', 'choice', 'score'],
    });
    const { answers, usage: sum, providerMetadata, warnings } = await decide({ refund, team, urgency });
    expect(answers).toStrictEqual({
      refund: { type: 'boolean', probability: 2 / 3 },
      team: {
        type: 'choice',
        choice: 'shipping',
        probabilities: { shipping: 2 / 3, billing: 1 / 3, other: 0 },
      },
      urgency: { type: 'score', score: 4 / 3, probabilities: { '0': 1 / 3, '1': 0, '2': 2 / 3 } },
    });
    expect(sum).toStrictEqual({ inputTokens: 90, outputTokens: 18 });
    expect(providerMetadata).toMatchObject({
      crucible: { refund: { votes: { true: 2, false: 1 } }, team: {} },
    });
    expect(warnings).toStrictEqual([]);
    expect(seen).toHaveLength(9);
  });

  it('says what members warn of, once for each', async () => {
    const models = [defineModel('odd', () => ({ text: 'no', confidence: 7 }))];
    const model = ensembleDecisionModel(createEnsemble({ models }));
    const { warnings } = await model.doDecide({
      state: [{ type: 'text', text: 'A parcel.' }],
      questions: { refund: { type: 'boolean' }, urgent: { type: 'boolean' } },
    });
    expect(warnings).toStrictEqual([{ type: 'other', message: 'odd: dropped a confidence of 7' }]);
  });

  it('sends the state, the instructions, the criteria, and settings', async () => {
    const { decide, seen } = modelOf([{ team: 'other' }]);
    const { warnings } = await decide(
      { team },
      {
        state: [
          { type: 'text', text: 'A parcel.' },
          { type: 'json', value: { weight: 3 } },
          { type: 'file', mediaType: 'image', data: { type: 'data', data: 'iVBORw0KGgoAAAANSUhEUg==' } },
        ],
        maxOutputTokens: 20,
        reasoning: 'low',
        providerOptions: { openai: {} },
      },
    );
    expect(seen[0]).toMatchObject({
      settings: { maxOutputTokens: 20, reasoningEffort: 'low' },
      messages: [
        {
          role: 'user',
          content: [
            { text: 'A parcel.' },
            { text: '{"weight":3}' },
            { type: 'file', mediaType: 'image/png' },
            {
              text: expect.stringMatching(
                /^\{"task":"Choose the team\."\}\n\n- shipping: parcels\n- billing: \{"about":"money"\}\n- other\n\nAnswer with one/,
              ),
            },
          ],
        },
      ],
    });
    expect(warnings).toMatchObject([{ feature: 'providerOptions.openai' }]);
  });

  it('has no probabilities for a choice against the votes', async () => {
    const { decide } = modelOf([{ team: 'shipping' }, { team: 'shipping' }, { team: 'billing' }], {
      decide: ({ groups }) => ({ key: groups.at(-1)?.[0]?.key ?? '' }),
    });
    expect((await decide({ team })).answers).toStrictEqual({ team: { type: 'choice', choice: 'billing' } });
  });

  it('counts weights', async () => {
    const { decide } = modelOf([{ refund: 'no' }, { refund: 'yes' }], {
      strategy: weighted({ weights: { 'model-1': 3 } }),
    });
    expect((await decide({ refund })).answers).toStrictEqual({
      refund: { type: 'boolean', probability: 0.75 },
    });
  });

  it('fails once for all questions, and cancels the others', async () => {
    const { decide, signals } = modelOf([{ refund: new Error('sk-secret'), team: 'never' }]);
    const error = await Promise.resolve(decide({ team, refund })).then(undefined, (reason) => reason);
    expect(error).toMatchObject({ name: 'AI_APICallError', isRetryable: false, statusCode: 424 });
    expect(String(error.message)).not.toContain('secret');
    expect(signals[0]?.aborted).toBe(true);
  });

  it('throws the reason of its signal', async () => {
    const { decide, signals } = modelOf([{ team: 'never' }]);
    const controller = new AbortController();
    const decided = decide({ team }, { abortSignal: controller.signal });
    const reason = new Error('the user left');
    controller.abort(reason);
    await expect(decided).rejects.toBe(reason);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('refuses options that it cannot tell apart', async () => {
    const { decide, seen } = modelOf([{ team: 'a' }]);
    await expect(decide({ team: { type: 'choice', criteria: { a: null, A: null } } })).rejects.toMatchObject({
      statusCode: 400,
    });
    expect(seen).toStrictEqual([]);
  });
});
