/**
 * Prints what tuned panels promise and what they deliver: for each recording and each aim, over random splits into five
 * parts, a panel is tuned on four of them, written as JSON, and run as an ensemble of replayed models on the fifth. Writes the
 * results beside the other ones of the bench, and into the pages that show them. Takes the folder of the recordings and the number of
 * splits as its arguments; by default `../shared/data` and 20. Exits with 1 if fewer than 90 % of the figures lie within their intervals, or if
 * tuned panels are worse than the best single model or plurality, by more than two standard errors, on the same questions.
 */
import { resolve } from 'node:path';
import { recordings } from './recorded-answers/evaluate.ts';
import { recordResults } from './recorded-answers/pages.ts';
import { belowBaseline, promiseLines, sharesOf, toPromiseRecord } from './recorded-answers/promise-tables.ts';
import { type AimPromise, promisesOf } from './recorded-answers/promises.ts';

const folder = resolve(process.argv[2] ?? '../shared/data');
const splits = Array.from({ length: Number(process.argv[3] ?? 20) }, (_, split) => split);
const begun = process.cpuUsage();
const found = recordings(folder);
if (found.length === 0) console.log(`There are no recordings in ${folder}.`);
const promises: AimPromise[] = [];
for (const recording of found) {
  promises.push(...(await promisesOf(recording, splits)));
  const { user, system } = process.cpuUsage(begun);
  console.log(`${recording.name}: done after ${((user + system) / 1e6).toFixed(0)} s of CPU time`);
}
const record = toPromiseRecord(promises);
for (const line of promiseLines(record)) console.log(line);
if (found.length > 0) {
  recordResults({ promises: record });
  if (sharesOf(record).together.pooled < 0.9 || belowBaseline(record).length > 0) process.exitCode = 1;
}
