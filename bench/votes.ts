/** What a vote costs as an election grows: an incremental voter takes the same time for the last as for the first. */
import { lastValueFrom, Observable } from 'rxjs';
import { type Answered, decided, majority, type StopRule, weighted } from '../src/index.ts';
import { elect } from '../src/operators/operators.ts';

const votes = (count: number, answers: number): Answered<string>[] =>
  Array.from({ length: count }, (_, index) => {
    const answer = `answer ${(index * 7919) % answers}`;
    return {
      status: 'answered',
      model: `model-${index}`,
      index,
      latencyMs: 0,
      costUsd: undefined,
      costSource: 'unknown',
      response: { text: answer },
      answer,
      key: answer,
      confidence: (index % 100) / 100,
    };
  });

const nanosPerVote = async (
  cast: readonly Answered<string>[],
  voter: ReturnType<typeof majority>,
  stopWhen?: StopRule,
): Promise<number> => {
  const source = new Observable<Answered<string>>((subscriber) => {
    for (const vote of cast) subscriber.next(vote);
    subscriber.complete();
  });
  const from = performance.now();
  await lastValueFrom(source.pipe(elect(stopWhen === undefined ? { voter } : { voter, stopWhen })));
  return ((performance.now() - from) * 1e6) / cast.length;
};

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const curves = {
  'majority, 4 answers': (cast: Answered<string>[]) => nanosPerVote(cast, majority()),
  'weighted, 4 answers': (cast: Answered<string>[]) => nanosPerVote(cast, weighted()),
  'majority, 4 answers, a tally for every vote': (cast: Answered<string>[]) =>
    nanosPerVote(cast, majority(), decided()),
};
await nanosPerVote(votes(200_000, 4), majority(), decided());
await nanosPerVote(votes(200_000, 4), weighted(), decided());
await nanosPerVote(votes(200_000, 4), majority());

console.log(
  `ns per vote, by votes in one election${' '.repeat(9)}${sizes.map((size) => String(size).padStart(10)).join('')}`,
);
for (const [name, measure] of Object.entries(curves)) {
  const row: number[] = [];
  for (const size of sizes) {
    const cast = votes(size, 4);
    const runs: number[] = [];
    for (let run = 0; run < 5; run += 1) runs.push(await measure(cast));
    row.push(runs.sort((a, b) => a - b)[2] ?? Number.NaN);
  }
  console.log(`  ${name.padEnd(44)}${row.map((value) => value.toFixed(0).padStart(10)).join('')}`);
}
const distinct = votes(1_000_000, 1_000_000);
console.log(
  `  majority, as many answers as votes: ${(await nanosPerVote(distinct, majority())).toFixed(0)} ns at ${distinct.length}`,
);
