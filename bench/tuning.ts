/**
 * Prints what tuned panels promise and what they deliver: for each recording and each aim, over random splits into five
 * parts, a panel is tuned on four of them, written as JSON, and run as an ensemble of replayed models on the fifth. Writes the
 * results beside the other ones of the bench, and into the pages that show them. Takes the folder of the recordings and the number of
 * splits as its arguments; by default `../shared/data` and 20. Each processor works on splits of its own; one takes about a minute.
 * Exits with 1 if fewer than 90 % of the figures lie within their intervals, or if
 * tuned panels are worse than the best single model or plurality, by more than two standard errors, on the same questions.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { recordings } from './recorded-answers/evaluate.ts';
import { recordResults } from './recorded-answers/pages.ts';
import { belowBaseline, promiseLines, sharesOf, toPromiseRecord } from './recorded-answers/promise-tables.ts';
import { type AimPromise, joinedPromises, promisesOf } from './recorded-answers/promises.ts';

const folder = resolve(process.argv[2] ?? '../shared/data');

/** Returns the promises of one split, for all recordings. */
const promisesOfSplit = async (split: number): Promise<AimPromise[]> => {
  const promises: AimPromise[] = [];
  for (const recording of recordings(folder)) promises.push(...(await promisesOf(recording, [split])));
  return promises;
};

/** Takes splits from a list and has them worked on by a process of its own, until none is left. */
const workOff = async (splits: number[], done: Map<number, readonly AimPromise[]>): Promise<void> => {
  const worker = fork(import.meta.filename, [folder]);
  const failed = once(worker, 'exit').then(([code]) =>
    Promise.reject(new Error(`a worker ended with ${code}`)),
  );
  for (let split = splits.shift(); split !== undefined; split = splits.shift()) {
    worker.send(split);
    const [promises] = (await Promise.race([once(worker, 'message'), failed])) as [AimPromise[]];
    done.set(split, promises);
    console.log(`split ${split}: done`);
  }
  failed.catch(() => undefined);
  worker.disconnect();
};

const run = async (): Promise<void> => {
  if (recordings(folder).length === 0) {
    console.log(`There are no recordings in ${folder}.`);
    return;
  }
  const splits = Array.from({ length: Number(process.argv[3] ?? 20) }, (_, split) => split);
  const left = [...splits];
  const done = new Map<number, readonly AimPromise[]>();
  await Promise.all(Array.from({ length: availableParallelism() }, () => workOff(left, done)));
  const record = toPromiseRecord(joinedPromises(splits.flatMap((split) => [done.get(split) ?? []])));
  for (const line of promiseLines(record)) console.log(line);
  recordResults({ promises: record });
  if (sharesOf(record).together.pooled < 0.9 || belowBaseline(record).length > 0) process.exitCode = 1;
};

if (process.send === undefined) await run();
else process.on('message', async (split) => process.send?.(await promisesOfSplit(split as number)));
