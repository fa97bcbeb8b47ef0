import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { NEVER } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  attachLogger,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type Logger,
  type Model,
  ProviderError,
} from '../../src/index.ts';
import { scripted } from '../scripted.ts';
import { inTurn } from './in-turn.ts';

/** A logger that keeps what it is told, with durations and the number of the prediction left out. */
const keeping = (): { readonly logger: Required<Logger>; readonly lines: string[] } => {
  const lines: string[] = [];
  const at = (level: string) => (line: string) =>
    lines.push(`${level} ${line.replace(/\d+(\.\d+)? ms/g, '… ms').replace(/#\d+/, '#')}`);
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
};

const down = new ProviderError('a', '503 overloaded', { isRetryable: true, costUsd: 0 });
const answering = (id: string, text: string, costUsd?: number) => defineModel(id, () => ({ text, costUsd }));
const failing = (id: string): Model => defineModel(id, () => Promise.reject(down));

const linesOf = async (options: EnsembleOptions, ask = '?'): Promise<string[]> => {
  const { logger, lines } = keeping();
  const ensemble = createEnsemble(options);
  attachLogger(ensemble, logger);
  await ensemble.predict(ask).catch(() => undefined);
  return lines;
};

describe('attachLogger', () => {
  it('writes a line for each event, with durations, costs and counts', async () => {
    const models = [
      answering('a', '4', 0.25),
      { ...inTurn(0, failing('b'), answering('b', '4', 0.5)) },
      answering('c', ' '),
    ];
    expect(await linesOf({ name: 'sums', models, telemetryMetadata: { requestId: 'r-1' } })).toStrictEqual([
      'debug sums # predict:start: 3 calls planned, parallel, by majority requestId=r-1',
      'debug sums # model:start: a called requestId=r-1',
      'debug sums # model:stop: a answered in … ms, $0.25 requestId=r-1',
      'debug sums # model:start: b called requestId=r-1',
      'debug sums # model:start: c called requestId=r-1',
      'debug sums # model:stop: c abstained in … ms, cost unknown requestId=r-1',
      'warn sums # model:exception: b failed in … ms, $0.00, with ProviderError (a: 503 overloaded), next attempt in … ms requestId=r-1',
      'debug sums # model:start: b, attempt 2, called requestId=r-1',
      'debug sums # model:stop: b, attempt 2, answered in … ms, $0.50 requestId=r-1',
      'debug sums # vote:complete: 2 votes for 1 answer, 1 abstained requestId=r-1',
      'info sums # predict:stop: complete in … ms, ≥$0.75, consensus 100 % of 2 votes, 1 abstained requestId=r-1',
    ]);
  });

  it('warns of degraded predictions and failed calls, and says what failed', async () => {
    const lines = await linesOf({ models: [answering('a', '4'), failing('b')] });
    expect(lines.filter((line) => !line.startsWith('debug'))).toStrictEqual([
      'warn ensemble # model:exception: b failed in … ms, $0.00, with ProviderError (a: 503 overloaded)',
      'warn ensemble # predict:stop: degraded in … ms, cost unknown, consensus 100 % of 1 vote, 1 failed',
    ]);
  });

  it('says that there is no prediction, and why', async () => {
    expect((await linesOf({ models: [failing('a')] })).at(-1)).toBe(
      'error ensemble # predict:exception: failed in … ms, $0.00, with AllModelsFailedError (all models failed: a: 503 overloaded)',
    );
    const split = await linesOf({
      models: [answering('a', '4'), answering('b', '5')],
      strategy: 'unanimous',
    });
    expect(split.slice(-2)).toStrictEqual([
      'warn ensemble # consensus:failed: 50 %, threshold 100 %',
      'error ensemble # predict:exception: failed in … ms, cost unknown, with NoConsensusError (unanimous found no winner among 2 answers)',
    ]);
  });

  it('says that whoever asked has left', () => {
    const { logger, lines } = keeping();
    const ensemble = createEnsemble({ models: [scripted('a', NEVER)] });
    attachLogger(ensemble, logger);
    ensemble.predict$('?').subscribe().unsubscribe();
    expect(lines.slice(-2)).toStrictEqual([
      'debug ensemble # model:cancel: a cancelled after … ms, cost unknown',
      'info ensemble # predict:cancel: cancelled after … ms, cost unknown',
    ]);
  });

  it('never writes prompts, answers, texts, or what a model threw', async () => {
    const models = [
      defineModel('a', (question) => question),
      defineModel('b', (question) => Promise.reject(new Error(question))),
      defineModel('c', () => ({ text: ' canary ', finishReason: 'length' })),
    ];
    const lines = await linesOf({ models, minResponses: 1 }, 'canary');
    expect(lines).toHaveLength(9);
    expect(lines.join('\n')).not.toContain('canary');
  });

  it('stays on one line, and has nothing that a terminal acts on, whatever the names are', async () => {
    const hostile = 'x\n\u001b[2J\u202e'.repeat(3);
    const lines = await linesOf({
      name: hostile,
      models: [answering(hostile, '4')],
      telemetryMetadata: {
        [hostile]: hostile,
        object: { a: 1 },
        nothing: undefined,
        count: 3,
        'is ok': true,
      },
    });
    expect(['\n', '\u001b', '\u202e'].filter((part) => lines.join('').includes(part))).toStrictEqual([]);
    expect(lines[0]).toContain(' count=3 is ok=true');
    expect(lines[0]).not.toContain('object');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(500);
  });

  it('logs at other levels where that called for, and leaves out what is silent', async () => {
    const { logger, lines } = keeping();
    const ensemble = createEnsemble({ models: [answering('a', '4')], earlyStop: 1 });
    attachLogger(ensemble, logger, { levels: { 'model:stop': 'info', 'predict:stop': 'silent' } });
    await ensemble.predict('?');
    const types = lines.map((line) => line.replace(/^(\w+) \S+ # (\S+): .*/, '$1 $2'));
    expect(types).toStrictEqual([
      'debug predict:start',
      'debug model:start',
      'info model:stop',
      'debug vote:complete',
      'debug consensus:reached',
    ]);
  });

  it('leaves out what is for `debug` where a logger has no such method', async () => {
    const { debug: _, ...logger } = keeping().logger;
    const info = vi.fn();
    const ensemble = createEnsemble({ models: [answering('a', '4')], earlyStop: 1 });
    attachLogger(ensemble, { ...logger, info });
    await ensemble.predict('?');
    expect(info).toHaveBeenCalledOnce();
  });

  it('takes the console', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const ensemble = createEnsemble({ models: [answering('a', '4')] });
    attachLogger(ensemble, console, { levels: { 'predict:stop': 'info', 'model:start': 'silent' } });
    const debug = vi.spyOn(console, 'debug').mockImplementation(() => undefined);
    await ensemble.predict('?');
    expect(info).toHaveBeenCalledOnce();
    expect(debug).toHaveBeenCalledTimes(3);
    vi.restoreAllMocks();
  });

  it('takes a logger of pino', async () => {
    const stream = new PassThrough();
    const written: string[] = [];
    stream.on('data', (chunk) => written.push(String(chunk)));
    const ensemble = createEnsemble({ name: 'sums', models: [answering('a', '4', 0.25)] });
    attachLogger(ensemble, pino({ level: 'info' }, stream));
    await ensemble.predict('?');
    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      { level: 30, msg: expect.stringMatching(/^sums #\d+ predict:stop: complete in .* ms, \$0\.25, /) },
    ]);
  });

  it('detaches and reports a logger that throws', async () => {
    const ensemble = createEnsemble({ models: [answering('a', '4')] });
    const onListenerError = vi.fn();
    const full = vi.fn(() => {
      throw new Error('disk full');
    });
    attachLogger(ensemble, { debug: full, info: full, warn: full, error: full }, { onListenerError });
    expect((await ensemble.predict('?')).answer).toBe('4');
    expect(full).toHaveBeenCalledOnce();
    expect(onListenerError).toHaveBeenCalledOnce();
  });

  it('refuses what is no logger, and levels that there are not', () => {
    const ensemble = createEnsemble({ models: [answering('a', '4')] });
    const none = { info: () => undefined } as unknown as Logger;
    const levels = { 'model:stop': 'loud', stop: 'info' } as never;
    expect(() => attachLogger(ensemble, none, { levels })).toThrow(
      'option "logger" must be a logger with info, warn and error, such as console, but got an object',
    );
    expect(() => attachLogger(ensemble, console, { levels })).toThrow('"model:stop" must be');
    expect(() => attachLogger(ensemble, console, { levels })).toThrow('there is no option "stop"');
  });
});
