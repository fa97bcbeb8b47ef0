import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEnsemble, defineModel, ModelError } from '../../../src/index.ts';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

const CANARY = 'canary-7f3a';
const CAPTURE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Asks in every way and with every end, and tells what was exported: spans, their events, and metrics. */
const exported = async (options: Parameters<typeof instrument>[1] = {}) => {
  const recorder = createRecorder();
  const ensemble = createEnsemble({
    models: [
      defineModel('echo', (question) => ({ text: question, usage: { inputTokens: 1, outputTokens: 1 } })),
      defineModel('slow', async (question) => `${question} again`),
      defineModel('broken', (question) => Promise.reject(new Error(question))),
      defineModel('indiscreet', (question) => Promise.reject(new ModelError('indiscreet', question))),
      defineModel('misnamed', (question) =>
        Promise.reject(Object.assign(new ModelError('misnamed', ''), { name: `no: ${question}` })),
      ),
    ],
    minResponses: 1,
  });
  instrument(ensemble, { ...recorder.providers, ...options });
  const query = {
    system: `be like ${CANARY}`,
    messages: [
      { role: 'user', content: `first ${CANARY}` },
      { role: 'assistant', content: `second ${CANARY}` },
      { role: 'user', content: `say ${CANARY}` },
    ],
  } as const;
  await ensemble.predict(query);
  await ensemble.predict(`say ${CANARY}`);
  for await (const _ of ensemble.stream(`say ${CANARY}`));
  await expect(ensemble.predict(`say ${CANARY}`, { minResponses: 5 })).rejects.toThrow();
  const spans = recorder
    .spans()
    .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }));
  return { recorder, spans, text: JSON.stringify([spans, await recorder.metrics()]) };
};

describe('prompts and answers', () => {
  it('are in no span, event or metric', async () => {
    const { text, spans } = await exported();
    expect(spans.length).toBeGreaterThan(20);
    expect(text).not.toContain(CANARY);
  });

  it('are in none when the environment says anything but true, or the option says no', async () => {
    vi.stubEnv(CAPTURE, 'false');
    expect((await exported()).text).not.toContain(CANARY);
    vi.stubEnv(CAPTURE, 'true');
    expect((await exported({ captureContent: false })).text).not.toContain(CANARY);
  });

  it('are in the attributes of the conventions on opt-in, as their schemas want them, and nowhere else', async () => {
    const { recorder, spans } = await exported({ captureContent: true });
    const asked = [
      { role: 'user', parts: [{ type: 'text', content: `first ${CANARY}` }] },
      { role: 'assistant', parts: [{ type: 'text', content: `second ${CANARY}` }] },
      { role: 'user', parts: [{ type: 'text', content: `say ${CANARY}` }] },
    ];
    const answered = [
      { role: 'assistant', parts: [{ type: 'text', content: `say ${CANARY}` }], finish_reason: 'stop' },
    ];
    for (const name of ['chat echo', 'invoke_workflow ensemble']) {
      const { attributes } = recorder.span(name);
      expect(JSON.parse(String(attributes['gen_ai.system_instructions']))).toEqual([
        { type: 'text', content: `be like ${CANARY}` },
      ]);
      expect(JSON.parse(String(attributes['gen_ai.input.messages']))).toEqual(asked);
      expect(JSON.parse(String(attributes['gen_ai.output.messages']))).toEqual(answered);
    }
    const content = /^gen_ai\.(system_instructions|input\.messages|output\.messages)$/;
    for (const span of spans) {
      const others = Object.entries(span.attributes).filter(([key]) => !content.test(key));
      expect(JSON.stringify({ ...span, attributes: others })).not.toContain(CANARY);
    }
    expect(JSON.stringify(await recorder.metrics())).not.toContain(CANARY);
  });

  it('are told when the environment says true', async () => {
    vi.stubEnv(CAPTURE, 'True');
    expect((await exported()).text).toContain(CANARY);
  });
});
