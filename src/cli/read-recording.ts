import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ConfigError } from '../domain/errors.ts';
import { isObject } from '../domain/is-object.ts';
import type { RecordedQuestion } from '../models/replay.ts';
import { responsesFaults } from '../node/dataset/response-faults.ts';
import { invalidJson, parseLine, withoutByteOrderMark } from '../node/journal/parse-line.ts';
import { type Line, splitLines } from '../node/journal/split-lines.ts';
import { unreadable } from '../node/unreadable.ts';
import { refuse } from '../options.ts';

/**
 * Reads the recorded questions of a JSON Lines file, gunzipped if its name ends in `.gz`. A line is
 * `{ question, responses: [{ model, text, tokensOut?, latencyMs?, costUsd? }] }`. Other fields and blank lines are
 * ignored.
 *
 * @throws {ConfigError} if the file cannot be read or a line is invalid, with the number of the line.
 */
export const readRecording = async (path: string, signal?: AbortSignal): Promise<RecordedQuestion[]> => {
  const records: RecordedQuestion[] = [];
  let lastLine = 0;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const line of splitLines(chunks)) {
      lastLine = line.number;
      if (line.bytes.toString().trim() !== '') records.push(toRecord(line, path));
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
    throw unreadable(path, error, `line ${lastLine}`);
  }
  if (records.length === 0) throw new ConfigError([`${path}: there are no recorded questions in this file`]);
  return records;
};

const toRecord = ({ bytes, number, isWhole }: Line, path: string): RecordedQuestion => {
  const record = parseLine(number === 1 ? withoutByteOrderMark(bytes) : bytes);
  const faults = record === undefined ? [invalidJson(isWhole)] : recordFaults(record);
  refuse(faults.map((fault) => `${path}, line ${number}: ${fault}`));
  return record as RecordedQuestion;
};

const recordFaults = (record: unknown): readonly string[] => {
  if (!isObject(record) || Array.isArray(record)) return ['expected { question, responses }'];
  const { question, responses } = record as Partial<RecordedQuestion>;
  return [
    ...(typeof question === 'string' ? [] : ['question must be a string']),
    ...responsesFaults(responses),
  ];
};
