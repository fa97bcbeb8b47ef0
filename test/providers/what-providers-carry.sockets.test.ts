import { readFileSync } from 'node:fs';
import { type FaultServer, json, startFaultServer } from 'crucible-ensemble/testing';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  type Conversation,
  createEnsemble,
  InvalidRequestError,
  type Model,
  type QuerySettings,
} from '../../src/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { PRESETS, type PresetName } from '../../src/providers/openai-compatible/presets.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

/** The page with the tables, which have what this file finds out. */
const page = readFileSync(new URL('../../docs/providers/README.md', import.meta.url), 'utf8');

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
  server.script(json({ error: { message: 'not today' } }, { status: 400 }));
});

afterEach(() => server.close());

const key = { apiKey: 'a key of mine' };

/** A model of each line, with a name that no known model has: the table is about the APIs. */
const lines: Readonly<Record<string, () => Model>> = {
  '`openai`': () => openai('m', { baseURL: `${server.baseURL}/v1`, ...key, api: 'chat' }),
  '`openai`, Responses API': () => openai('m', { baseURL: `${server.baseURL}/v1`, ...key, api: 'responses' }),
  '`anthropic`': () => anthropic('m', { baseURL: server.baseURL, ...key }),
  '`googleGenAI`, `gemini`': () => googleGenAI('m', { baseURL: server.baseURL, ...key }),
  '`openaiCompatible`': () => openaiCompatible('m', { baseURL: `${server.baseURL}/v1`, ...key }),
};

const asking = (...content: object[]): Conversation =>
  ({
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, ...content] }],
  }) as Conversation;

const file = (mediaType: string, data = 'AAAA'): Conversation => asking({ type: 'file', mediaType, data });

const URL_OF = 'https://files.example/a';

const features: Readonly<Record<string, Conversation>> = {
  'images (PNG, JPEG, …)': file('image/png'),
  'URLs of images': file('image/png', URL_OF),
  'PDF files': file('application/pdf'),
  'URLs of PDF files': file('application/pdf', URL_OF),
  'audio (WAV, MP3)': file('audio/wav'),
  'URLs of audio': file('audio/wav', URL_OF),
  'other files, such as CSV': file('text/csv'),
  'URLs of other files': file('text/csv', URL_OF),
  '`tools`, their calls and results': { ...asking(), tools: { add: { inputSchema: { type: 'object' } } } },
};

const settings: Required<QuerySettings> = {
  maxOutputTokens: 64,
  temperature: 0.5,
  topP: 0.5,
  topK: 9,
  presencePenalty: 0.5,
  frequencyPenalty: 0.5,
  stopSequences: ['END'],
  seed: 7,
  reasoningEffort: 'low',
};

/** Whether a model sends a request. If not, it says so and sends nothing. */
const isSent = async (model: Model, query: Conversation): Promise<boolean> => {
  const before = server.requests.length;
  const error = await lastValueFrom(model.call(toRequest(query))).catch((failure) => failure);
  const isSeen = server.requests.length > before;
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(/cannot be sent/.test(error.message)).toBe(!isSeen);
  return isSeen;
};

/** Whether a model takes a setting. If not, it warns. */
const isTaken = async (model: Model, name: string): Promise<boolean> => {
  const ensemble = createEnsemble({ models: [model] });
  const query = { ...asking(), settings: { [name]: settings[name as keyof QuerySettings] } };
  const { outcomes } = await ensemble.predict(query).catch((failure) => failure);
  return !String(outcomes[0].warning).includes(`"${name}"`);
};

const mark = (is: boolean): string => (is ? 'yes' : '–');

const rowOf = (name: string, cells: readonly string[]): string => `| ${[name, ...cells].join(' | ')} |\n`;

describe('the table of what providers carry', () => {
  it('has a column for each line of providers', () => {
    expect(page).toContain(rowOf('', Object.keys(lines)));
  });

  it.each(Object.entries(features))('is right about %s', async (name, query) => {
    const cells: string[] = [];
    for (const create of Object.values(lines)) cells.push(mark(await isSent(create(), query)));
    expect(page).toContain(rowOf(name, cells));
  });

  it.each(Object.keys(settings))('is right about the setting %s', async (name) => {
    const cells: string[] = [];
    for (const create of Object.values(lines)) cells.push(mark(await isTaken(create(), name)));
    expect(page).toContain(rowOf(`\`${name}\``, cells));
  });

  it.each(Object.entries({ ...features, ...settings }))(
    'is as right about the older SDK of Google: %s',
    async (name) => {
      const models = [
        gemini('m', { baseURL: server.baseURL, ...key }),
        googleGenAI('m', { baseURL: server.baseURL, ...key }),
      ];
      const query = features[name];
      const found: boolean[] = [];
      for (const model of models)
        found.push(await (query === undefined ? isTaken(model, name) : isSent(model, query)));
      expect(found[0]).toBe(found[1]);
    },
  );
});

/** The columns of the table of presets: what each but the last says of the preset. */
const columns = Object.keys(features).filter((name) => !/^URLs of (?:audio|other)|tools/.test(name));

describe('the table of presets', () => {
  it('has its columns', () => {
    expect(page).toContain(rowOf('preset', [...columns, 'settings that it does not take']));
  });

  it.each(Object.keys(PRESETS) as PresetName[])('is right about %s', async (preset) => {
    const model = openaiCompatible('m', { preset, baseURL: `${server.baseURL}/v1`, ...key });
    const cells: string[] = [];
    for (const name of columns) cells.push(mark(await isSent(model, features[name] ?? asking())));
    const left: string[] = [];
    for (const name of Object.keys(settings)) if (!(await isTaken(model, name))) left.push(`\`${name}\``);
    expect(page).toContain(rowOf(`\`${preset}\``, [...cells, left.join(', ') || 'none']));
    expect(await isSent(model, features['`tools`, their calls and results'] ?? asking())).toBe(true);
  });
});
