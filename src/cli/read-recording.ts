import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { responsesFaults } from '../experiment/dataset/response-faults.ts';
import type { RecordedQuestion } from '../models/replay.ts';
import { jsonLineRows } from '../node/dataset/json-rows.ts';
import { refuseIn } from '../node/dataset/row.ts';
import { unreadable } from '../node/unreadable.ts';

/**
 * Reads the recorded questions of a JSON Lines file, gunzipped if its name ends in `.gz`. A line is
 * `{ question, responses: [{ model, text, tokensOut?, latencyMs?, costUsd? }] }`. Other fields and blank lines are
 * ignored.
 *
 * @throws {ConfigError} if the file cannot be read or a line is invalid, with the number of the line.
 */
export const readRecording = async (path: string, signal?: AbortSignal): Promise<RecordedQuestion[]> => {
  const records: RecordedQuestion[] = [];
  const refuse = refuseIn(path);
  const file = createReadStream(path, given({ signal }));
  // `pipeline` passes errors on to the last stream, so the loop that reads it throws them.
  const bytes = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
  let lastPlace = '';
  try {
    for await (const row of jsonLineRows(bytes, refuse)) {
      lastPlace = row.place;
      const record = { question: row.get('question'), responses: row.get('responses') };
      const faults = [
        ...(typeof record.question === 'string' ? [] : ['question must be a string']),
        ...responsesFaults(record.responses),
      ];
      if (faults.length > 0) refuse(row.place, faults);
      records.push(record as RecordedQuestion);
    }
  } catch (error) {
    if (error instanceof ConfigError || signal?.aborted === true) throw error;
    throw unreadable(path, error, lastPlace);
  }
  if (records.length === 0) refuse('', ['there are no recorded questions in this file']);
  return records;
};
