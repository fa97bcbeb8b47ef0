import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { journaled, memoryJournal } from '../../src/experiment/experiment.ts';
import {
  attachLogger,
  createEnsemble,
  defineModel,
  type EnsembleEvent,
  type ModelResponse,
  NoPredictionError,
  type Prediction,
  type Query,
} from '../../src/index.ts';
import { csvRow, explain, summaryReport } from '../../src/metrics/metrics.ts';
import { instrument } from '../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from './opentelemetry/recorder.ts';

useContexts();

/** What only the provider may see. */
const content = {
  bytes: Buffer.from('the canary of the bytes').toString('base64'),
  address: 'canary-of-the-address',
};

/** What the query says, and what the models answer. */
const texts = {
  filename: 'canary-of-the-filename',
  description: 'canary-of-the-description',
  schema: 'canary-of-the-schema',
  argument: 'canary-of-the-argument',
  result: 'canary-of-the-result',
  thought: 'canary-of-the-thought',
};

const answers = {
  reasoning: 'canary-of-the-reasoning',
  callId: 'canary-of-the-call-id',
  input: 'canary-of-the-input',
  unknown: 'canary-of-the-unknown-tool',
};

const secrets = { ...content, ...texts, ...answers };

const foundIn = (text: string, of: object = secrets): readonly string[] =>
  Object.entries(of).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

const image = new URL(`https://files.example/a.png?signature=${content.address}`);
const call = { toolCallId: 'c', toolName: 'add' };

const query: Query = {
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'file', data: content.bytes, mediaType: 'application/pdf', filename: texts.filename },
        { type: 'file', data: Buffer.from(content.bytes, 'base64'), mediaType: 'text/csv' },
        { type: 'image', image },
        { type: 'image', image: `data:image/png;base64,${content.bytes}` },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: texts.thought },
        { type: 'tool-call', ...call, input: { a: texts.argument } },
      ],
    },
    {
      role: 'tool',
      content: [{ type: 'tool-result', ...call, output: { type: 'text', value: texts.result } }],
    },
  ],
  tools: {
    add: {
      description: texts.description,
      inputSchema: {
        type: 'object',
        properties: { a: { type: 'string', description: texts.schema } },
        required: ['a'],
      },
    },
  },
};

const calling = (toolName: string, input: unknown): ModelResponse => ({
  text: '',
  reasoning: answers.reasoning,
  toolCalls: [{ toolCallId: answers.callId, toolName, input }],
  finishReason: 'tool-calls',
});

const models = [
  defineModel('a', () => calling('add', { a: answers.input })),
  defineModel('b', () => calling('add', { a: answers.input })),
  defineModel('no such tool', () => calling(answers.unknown, { a: answers.input })),
  defineModel('no object', () => calling('add', `{"a": "${answers.input}`)),
  defineModel('unknown argument', () => calling('add', { [answers.unknown]: answers.input })),
  defineModel('broken', (_prompt, { request }) => {
    throw new Error(JSON.stringify(request) + Object.values(secrets).join());
  }),
];

/** Asks once with success and once without, and collects all that is told of it. */
const told = async (captureContent = false) => {
  const lines: string[] = [];
  const events: EnsembleEvent[] = [];
  const recorder = createRecorder();
  const journal = memoryJournal();
  const ensemble = createEnsemble({ models: models.map(journaled({ journal })), minResponses: 1 });
  const write = (...told: readonly unknown[]) => lines.push(inspect(told, { depth: 20 }));
  attachLogger(ensemble, { debug: write, info: write, warn: write, error: write });
  instrument(ensemble, { ...recorder.providers, captureContent });
  ensemble.events$.subscribe((event) => events.push(event));
  for await (const _ of ensemble.stream(query));
  const prediction: Prediction = await ensemble.predict(query);
  const error: unknown = await ensemble.predict(query, { minResponses: 6 }).catch((failure) => failure);
  const keys: string[] = [];
  for await (const { key } of journal.entries()) keys.push(key);
  const spans = recorder
    .spans()
    .map(({ name, attributes, status, events: of }) => [name, attributes, status, of]);
  return { lines, events, prediction, error, keys, spans, metrics: await recorder.metrics() };
};

describe('content of a request, tool calls and reasoning', () => {
  it('are in no log line, event as JSON, error, span, metric, key, warning or report', async () => {
    const { lines, events, prediction, error, keys, spans, metrics } = await told();
    expect(error).toBeInstanceOf(NoPredictionError);
    const { stack, message, cause } = error as NoPredictionError;
    const failure = error as NoPredictionError;
    const { metadata, outcomes } = prediction;
    expect(metadata).toMatchObject({ successes: 2, failures: 1, abstentions: 3 });
    const places = {
      lines,
      events: JSON.stringify(events),
      // The error of a model of the caller is kept as its cause.
      'events as inspected': inspect(events.filter(({ type }) => type !== 'model:exception')),
      error: [stack, message, inspect(cause), JSON.stringify(error), inspect(error, { depth: 20 })],
      spans: JSON.stringify(spans),
      metrics: JSON.stringify(metrics),
      keys,
      warnings: metadata.warnings,
      'reasons and errors': outcomes.map((outcome) =>
        outcome.status === 'abstained'
          ? outcome.reason
          : outcome.status === 'failed' && [String(outcome.error.stack), JSON.stringify(outcome.error)],
      ),
      'row of an error': JSON.stringify(csvRow({ value: failure, timestamp: 0 })),
      report: summaryReport([prediction, failure]),
    };
    for (const [place, text] of Object.entries(places))
      expect([
        place,
        ...foundIn(inspect(text, { depth: 20, maxStringLength: null, maxArrayLength: null })),
      ]).toStrictEqual([place]);
  });

  it('show in an explanation as the answer, and in nothing else', async () => {
    const { prediction } = await told();
    expect(foundIn(JSON.stringify(explain(prediction)))).toStrictEqual(['input']);
  });

  it('show nothing of files but their names in a prediction, even where all of it is shown', async () => {
    const { prediction, events } = await told();
    const { query: asked, outcomes } = prediction;
    const counted = outcomes.filter(({ status }) => status !== 'failed');
    for (const value of [
      asked,
      counted,
      events.map((event) => ({ ...event, result: undefined, error: undefined })),
    ])
      expect(foundIn(inspect(value, { depth: 20, showHidden: true }), content)).toStrictEqual([]);
    expect(foundIn(JSON.stringify(prediction), content)).toStrictEqual([]);
    expect(foundIn(JSON.stringify(csvRow({ value: prediction, timestamp: 0 })), content)).toStrictEqual([]);
  });

  it('show nothing of files in spans even if the content is wanted there', async () => {
    const text = JSON.stringify((await told(true)).spans);
    expect(text).toContain(texts.argument);
    expect(foundIn(text, content)).toStrictEqual([]);
  });
});
