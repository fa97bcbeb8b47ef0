import { expect, it } from 'vitest';
import {
  attachLogger,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type Query,
} from '../../src/index.ts';
import { instrument } from '../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from './opentelemetry/recorder.ts';

useContexts();

const CANARY = 'canary-7f3a';
const query: Query = {
  messages: [{ role: 'user', content: 'Send it' }],
  tools: {
    send: {
      inputSchema: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
    },
  },
};
const calling = (id: string, input: unknown, toolName = 'send') =>
  defineModel(id, () => ({ text: '', toolCalls: [{ toolName, input, toolCallId: CANARY }] }));
const unfit = [
  calling('unknown', {}, CANARY),
  calling('undeclared', { to: 'a', [CANARY]: CANARY }),
  calling('broken', `{"to": "${CANARY}`),
  calling('missing', { [CANARY]: 1 }),
  calling('endless', { to: Number.NaN, [CANARY]: CANARY }),
];

/** What is written of a prediction: lines, spans, metrics, and the warnings or the message of its error. */
const written = async (options: EnsembleOptions): Promise<string> => {
  const recorder = createRecorder();
  const lines: unknown[] = [];
  const keep = (line: unknown): unknown => lines.push(line);
  const ensemble = createEnsemble(options);
  instrument(ensemble, recorder.providers);
  attachLogger(ensemble, { debug: keep, info: keep, warn: keep, error: keep });
  const told = await ensemble.predict(query).then(
    ({ metadata }) => metadata.warnings,
    (error: Error) => [error.name, error.message],
  );
  const spans = recorder
    .spans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  return JSON.stringify([told, lines, spans, await recorder.metrics()]);
};

it.each<[string, EnsembleOptions, string]>([
  ['a prediction', { models: [calling('a', { to: CANARY }), ...unfit], minResponses: 1 }, 'abstained'],
  [
    'no consensus',
    { models: [calling('a', { to: CANARY }), calling('b', { to: 'b' })], strategy: 'unanimous' },
    'NoConsensusError',
  ],
  ['no votes', { models: unfit }, 'InsufficientResponsesError'],
])(
  'no argument and no name of a model is in messages, lines, spans or metrics: %s',
  async (_, options, sign) => {
    const text = await written(options);
    expect(text).toContain(sign);
    expect(text).not.toContain(CANARY);
  },
);
