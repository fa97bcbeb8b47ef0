import assert from 'node:assert/strict';
import { inspect, isDeepStrictEqual } from 'node:util';
import { InvalidRequestError } from '../../domain/errors.ts';
import type { FilePart } from '../../domain/message.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import type { ModelRequest } from '../../domain/request.ts';
import type { RequestFeature } from '../../domain/request-features.ts';
import { toRequest } from '../../engine/to-request.ts';
import { createEnsemble } from '../../ensemble.ts';
import type { SentPart, SentRequest } from '../dialects/wire-dialect.ts';
import { json } from '../replies.ts';
import { answered } from './answers.ts';
import type { Clause, Stage } from './clause.ts';

type File = Exclude<RequestFeature, 'tools'>;

const base64 = (start: string): string => Buffer.from(`${start} and some canary bytes`).toString('base64');

const PNG = base64('\x89PNG\r\n');

/** A file of each kind, as base64 or as the URL at which the provider finds it. */
const FILES: Readonly<Record<File, FilePart>> = {
  image: { type: 'file', mediaType: 'image/png', data: PNG },
  'image-url': { type: 'file', mediaType: 'image/png', data: 'https://files.example/canary.png' },
  pdf: { type: 'file', mediaType: 'application/pdf', data: base64('%PDF-1.7'), filename: 'bill.pdf' },
  'pdf-url': { type: 'file', mediaType: 'application/pdf', data: 'https://files.example/canary.pdf' },
  audio: { type: 'file', mediaType: 'audio/wav', data: base64('RIFF....WAVE') },
  'audio-url': { type: 'file', mediaType: 'audio/wav', data: 'https://files.example/canary.wav' },
  file: { type: 'file', mediaType: 'text/csv', data: base64('item,price'), filename: 'bill.csv' },
  'file-url': { type: 'file', mediaType: 'text/csv', data: 'https://files.example/canary.csv' },
};

const TEXTS = ['The bill of May.', 'What is its total?'] as const;

const requestWith = (feature: File): ModelRequest =>
  toRequest({
    messages: [
      {
        role: 'user',
        content: [{ type: 'text', text: TEXTS[0] }, FILES[feature], { type: 'text', text: TEXTS[1] }],
      },
    ],
  });

/** Makes a call, and returns what the provider read of its request; `undefined` if the dialect cannot read it. */
export const sentOf = async (
  { server, dialect, ask }: Stage,
  request: Partial<ModelRequest>,
): Promise<SentRequest | undefined> => {
  if (dialect.read === undefined) return undefined;
  server.script(json(dialect.answer({ text: '391' })));
  answered(await ask(request));
  return dialect.read(server.requests.at(-1)?.json());
};

/** The clause for a model that cannot be sent something. */
export const refuses = (what: string, request: () => ModelRequest): Clause => ({
  name: `refuses ${what} before anything is sent`,
  check: async ({ server, dialect, ask }) => {
    server.script(json(dialect.answer({ text: '391' })));
    const { response, error } = await ask(request());
    assert.equal(response, undefined, 'it was answered');
    assert.ok(error instanceof InvalidRequestError, `it gave: ${error}`);
    assert.equal(server.requests.length, 0, 'something was sent');
  },
});

const fileClause = (feature: File): Clause => ({
  name: `sends a file among the texts of a turn: ${feature}`,
  unless: ['no-files', `no-${feature}`],
  otherwise: refuses(`a file: ${feature}`, () => requestWith(feature)),
  check: async (stage) => {
    const sent = await sentOf(stage, requestWith(feature));
    if (sent === undefined) return;
    const [before, file, after, ...more] = sent.parts;
    assert.deepEqual([before?.text, after?.text, more], [...TEXTS, []]);
    isSame(file, FILES[feature]);
    assert.equal(stage.server.requests.length, 1);
  },
});

/** Fails unless a part that was sent is a file, has its content, and has no wrong type or name. */
const isSame = (sent: SentPart | undefined, { data, mediaType, filename }: FilePart): void => {
  assert.equal(sent?.type, 'file');
  assert.equal(sent?.data, data);
  if (sent?.mediaType !== undefined) assert.equal(sent.mediaType, mediaType);
  if (filename !== undefined && sent?.filename !== undefined) assert.equal(sent.filename, filename);
};

const SETTINGS: Required<QuerySettings> = {
  maxOutputTokens: 64,
  temperature: 0.5,
  topP: 0.75,
  topK: 20,
  presencePenalty: 0.5,
  frequencyPenalty: 0.25,
  stopSequences: ['END', 'STOP'],
  seed: 7,
  reasoningEffort: 'low',
};

/** Returns the settings that a model sent, and of which settings it warned, if each is given alone. */
const settingsOf = async ({
  server,
  model,
  dialect,
}: Stage): Promise<{ readonly sent: readonly string[]; readonly left: readonly string[] }> => {
  const sent: string[] = [];
  const left: string[] = [];
  server.script(json(dialect.answer({ text: '391' })));
  const ensemble = createEnsemble({ models: [model] });
  for (const [name, value] of Object.entries(SETTINGS)) {
    const messages = [{ role: 'user', content: 'What is 17 * 23?' }] as const;
    const { outcomes } = await ensemble.predict({ messages, settings: { [name]: value } });
    const found = dialect.read?.(server.requests.at(-1)?.json()).settings[name as keyof QuerySettings];
    if (isDeepStrictEqual(found, value)) sent.push(name);
    if (outcomes.some(({ warning }) => warning?.includes(`"${name}"`))) left.push(name);
  }
  return { sent, left };
};

/** Requests with files and with settings. */
export const requestClauses: readonly Clause[] = [
  ...(Object.keys(FILES) as File[]).map(fileClause),
  {
    name: 'shows nothing of an image in its errors',
    unless: ['no-files', 'no-image'],
    check: async ({ server, dialect, ask }) => {
      server.script(json(dialect.error(400, `cannot read ${PNG}`), { status: 400 }));
      const { error } = await ask(requestWith('image'));
      assert.ok(error instanceof InvalidRequestError, `it gave: ${error}`);
      const shown = inspect(error, { depth: 10, showHidden: true, maxStringLength: null });
      for (const text of [PNG, TEXTS[0]]) assert.ok(!shown.includes(text), 'the request is shown');
    },
  },
  {
    name: 'sends each setting of a query that it takes, and leaves out the others with a warning',
    unless: 'no-settings',
    otherwise: {
      name: 'leaves out each setting of a query with a warning',
      check: async (stage) => {
        assert.deepEqual(await settingsOf(stage), { sent: [], left: Object.keys(SETTINGS) });
      },
    },
    check: async (stage) => {
      if (stage.dialect.read === undefined) return;
      const { sent, left } = await settingsOf(stage);
      assert.ok(sent.includes('maxOutputTokens'), 'the limit of the output was not sent');
      assert.deepEqual([...sent, ...left].toSorted(), Object.keys(SETTINGS).toSorted());
    },
  },
];
