// Predictions inside an existing RxJS pipeline: a stream of questions in, a running report by topic out.
import { createEnsemble, simulated } from 'crucible-ensemble';
import { predictWith } from 'crucible-ensemble/operators';
import { concatMap, delay, from, groupBy, lastValueFrom, map, mergeMap, of, scan, tap, toArray } from 'rxjs';

const ensemble = createEnsemble({
  models: [1, 2, 3].map((seed) =>
    simulated({ id: `model-${seed}`, seed, accuracy: 0.75, latencyMs: 10 * seed, costUsd: 0.001 }),
  ),
  normalization: 'numeric',
  earlyStop: 'decided',
});

interface Figures {
  readonly questions: number;
  readonly calls: number;
  readonly consensus: number;
}

const inbox$ = from([
  'sums: What is 12 + 30?',
  'products: What is 6 * 7?',
  'sums: What is 19 + 23?',
  'products: What is 17 * 23?',
  'sums: What is 100 + 1?',
]).pipe(concatMap((line) => of(line).pipe(delay(5))));

const report$ = inbox$.pipe(
  map((line) => line.split(': ') as [topic: string, question: string]),
  groupBy(([topic]) => topic),
  mergeMap((topic$) =>
    topic$.pipe(
      map(([, question]) => question),
      // Two at a time within a topic, in the order of the questions.
      predictWith(ensemble, { concurrency: 2 }),
      tap(({ query, answer }) => console.log(`${topic$.key}: ${query} → ${answer}`)),
      scan(
        (sum, { metadata }) => ({
          ...sum,
          questions: sum.questions + 1,
          calls: sum.calls + metadata.modelsUsed.length,
          consensus: sum.consensus + metadata.consensus,
        }),
        { topic: topic$.key, questions: 0, calls: 0, consensus: 0 },
      ),
    ),
  ),
  // The latest figures of each topic.
  scan((latest, { topic, ...figures }) => latest.set(topic, figures), new Map<string, Figures>()),
  toArray(),
);

const reports = await lastValueFrom(report$);
for (const [topic, { questions, calls, consensus }] of reports.at(-1) ?? []) {
  console.log(
    `${topic}: ${questions} questions, ${calls} calls, consensus ${(consensus / questions).toFixed(2)} on average`,
  );
}
