import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoPredictionError } from '../../src/domain/no-prediction.ts';
import { createEnsemble } from '../../src/ensemble.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

// An independent mock of the API.
describe('an OpenAI-compatible model, asking aimock', () => {
  let mock: LLMock;
  let baseURL = '';

  beforeEach(async () => {
    mock = new LLMock({ port: 0 });
    mock.on(
      { userMessage: 'How much?' },
      { content: 'It is 391.', usage: { prompt_tokens: 14, completion_tokens: 5 } },
    );
    mock.on(
      { userMessage: 'Too often?' },
      { error: { message: 'Slow down.', type: 'rate_limit_error' }, status: 429, retryAfter: 2 },
    );
    await mock.start();
    baseURL = `${mock.url}/v1`;
  });
  afterEach(() => mock.stop());

  const ensemble = () =>
    createEnsemble({
      models: [openaiCompatible('served', { baseURL, apiKey: 'k', id: 'served' })],
      normalization: 'numeric',
    });

  it('answers with its usage', async () => {
    const { answer, outcomes } = await ensemble().predict('How much?');
    expect(answer).toBe(391);
    expect(outcomes[0]).toMatchObject({
      response: { finishReason: 'stop', usage: { inputTokens: 14, outputTokens: 5 } },
    });
  });

  it('streams the same', async () => {
    let text = '';
    let deltas = 0;
    for await (const event of ensemble().stream('How much?')) {
      if (event.type === 'delta') {
        text += event.text;
        deltas += 1;
      }
      if (event.type === 'complete') expect(event.prediction.answer).toBe(391);
    }
    expect(text).toBe('It is 391.');
    expect(deltas).toBeGreaterThanOrEqual(1);
  });

  it('is told to wait', async () => {
    const error = await ensemble()
      .predict('Too often?')
      .catch((reason: unknown) => reason);
    const outcome = error instanceof NoPredictionError ? error.outcomes[0] : undefined;
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { name: 'RateLimitError', isRetryable: true, retryAfterMs: 2000 },
    });
  });
});
