/**
 * Kills a run of an experiment at random moments, and lets it end in the end: whether anything was lost, and how much
 * was asked again. Arguments: how many kills (50), questions (1,500), and the seed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAndResume, PROCESS } from '../test/cli/experiment-kills.ts';

const [kills = '50', questions = '1500', seed = '0'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'kills-'));
try {
  const after = await killAndResume({
    kills: Number(kills),
    questions: Number(questions),
    seed,
    journal: join(folder, 'calls.jsonl'),
    program: PROCESS.pathname,
  });
  const inFlight = after.inFlight.reduce((sum, count) => sum + count, 0);
  const { last, trials, acknowledged, recorded, lost, answeredTwice, requests, distinct, refused } = after;
  const wrong = trials.filter((trial) => !trial.endsWith(' 1')).length;
  const repeated = requests - distinct;
  console.log(
    `${kills} kills of an experiment of ${questions} questions, 2 models, 2 conditions; the last run: ${last}`,
  );
  console.log(
    `  trials of the last run      ${trials.length}, different ${new Set(trials).size}, wrong ${wrong}`,
  );
  console.log(
    `  calls acknowledged          ${acknowledged} (recorded ${recorded}), of which lost ${lost}, answered twice ${answeredTwice}`,
  );
  console.log(`  requests that the server saw ${requests}, different ${distinct}, repeated ${repeated}`);
  console.log(
    `  in flight at the kills      ${inFlight} (most at one: ${Math.max(...after.inFlight)}), refused ${refused}`,
  );
  if (last !== 'done' || wrong + lost + answeredTwice > 0 || repeated > inFlight + refused)
    process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
