import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ConfigError } from '../domain/errors.ts';
import type { RecordedQuestion } from '../models/replay.ts';
import { between, type Check, delayMs, faultsOf, nonEmpty, ofType, refuse } from '../options.ts';

/** One line of a file; `isWhole` unless it is the last one and no line break ends it. */
interface Line {
  readonly text: string;
  readonly number: number;
  readonly isWhole: boolean;
}

/**
 * The recorded questions of a JSON Lines file, gunzipped where its name ends in `.gz`. A line is
 * `{ question, responses: [{ model, text, tokensOut?, latencyMs?, costUsd? }] }`; what else it has is not
 * looked at, and blank lines are skipped.
 *
 * @throws {ConfigError} where the file cannot be read, with the number of the line that is malformed or torn.
 */
export const readRecording = async (path: string, signal?: AbortSignal): Promise<RecordedQuestion[]> => {
  const records: RecordedQuestion[] = [];
  let lastLine = 0;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const line of linesOf(chunks)) {
      lastLine = line.number;
      if (line.text.trim() !== '') records.push(toRecord(line, path));
    }
  };
  const source = createReadStream(path);
  const options = signal === undefined ? {} : { signal };
  try {
    await (path.endsWith('.gz')
      ? pipeline(source, createGunzip(), take, options)
      : pipeline(source, take, options));
  } catch (error) {
    if (error instanceof ConfigError || signal?.aborted === true) throw error;
    throw unreadable(path, error, lastLine);
  }
  if (records.length === 0) throw new ConfigError([`${path}: there are no recorded questions in this file`]);
  return records;
};

/** Not `node:readline`: it also breaks lines at U+2028, which stands in JSON strings as it is. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let pending = '';
  let number = 0;
  for await (const chunk of chunks) {
    const [first = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n');
    pending += first;
    for (const next of rest) {
      number += 1;
      yield { text: pending, number, isWhole: true };
      pending = next;
    }
  }
  pending += decoder.decode();
  if (pending !== '') yield { text: pending, number: number + 1, isWhole: false };
}

const toRecord = ({ text, number, isWhole }: Line, path: string): RecordedQuestion => {
  const record = parsed(text);
  const faults =
    record === undefined
      ? [isWhole ? 'this is not JSON' : 'the last line is torn: it is not JSON']
      : recordFaults(record);
  refuse(faults.map((fault) => `${path}, line ${number}: ${fault}`));
  return record as RecordedQuestion;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const recordFaults = (record: unknown): string[] => {
  if (!isObject(record) || Array.isArray(record)) return ['expected { question, responses }'];
  return [
    ...(typeof record.question === 'string' ? [] : ['question must be a string']),
    ...(Array.isArray(record.responses)
      ? record.responses.flatMap(responseFaults)
      : ['responses must be an array']),
  ];
};

const responseChecks: Readonly<Record<string, Check>> = {
  model: nonEmpty,
  text: ofType('string'),
  tokensOut: between(0, Number.MAX_VALUE),
  latencyMs: delayMs,
  costUsd: between(0, Number.MAX_VALUE),
};

const responseFaults = (response: unknown, index: number): string[] => {
  const owner = `responses[${index}]`;
  if (!isObject(response)) return [`${owner} must be { model, text }`];
  const { model = null, text = null, tokensOut, latencyMs, costUsd } = response;
  return faultsOf(owner, { model, text, tokensOut, latencyMs, costUsd }, responseChecks).map((fault) =>
    fault.replace(/: option "(\w+)"/, '.$1'),
  );
};

const unreadable = (path: string, error: unknown, lastLine: number): ConfigError => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new ConfigError([`${path}: there is no such file`]);
  // A torn archive still yields the lines before the tear.
  return code?.startsWith('Z_')
    ? new ConfigError([`${path}, after line ${lastLine}: the archive is torn or damaged (${message})`])
    : new ConfigError([`${path}: cannot be read (${code ?? message})`]);
};
