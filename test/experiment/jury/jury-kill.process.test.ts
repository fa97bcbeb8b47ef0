import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { openJournal } from '../../../src/node/file-journal.ts';
import { bundled } from '../../bundled.ts';
import { fileOf } from '../../cli/recording.ts';
import { entriesOf } from '../journal/journal-contract.ts';
import { answers, startGraders } from './served-graders.ts';

const PROGRAM = new URL('./grading-process.ts', import.meta.url);

/** The calls that may be in flight: items in progress, and jurors. */
const MOST_OUT = 4 * 3;

it('a jury that is killed and started again grades every item once, and buys no recorded grade again', async () => {
  const graders = await startGraders();
  const path = fileOf('', 'grades.jsonl');
  const program = bundled(PROGRAM);
  const run = (killAfter: number): Promise<readonly string[]> => {
    const child = spawn(process.execPath, [program, path, graders.server.baseURL], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (lines.length === killAfter) child.kill('SIGKILL');
    });
    return once(child, 'close').then(() => lines);
  };
  const kills = [30, 90, 150];
  for (const kill of kills) expect((await run(kill)).at(-1)).not.toBe('done');
  const lines = await run(Number.POSITIVE_INFINITY);
  expect(lines.at(-1)).toBe('done');
  expect(lines.slice(0, -1).map((line) => line.split(' ')[0])).toEqual(answers.map(({ id }) => id));

  const bodies = graders.server.requests.map(({ body }) => body);
  // A failed call is made again in each run; a reply with a text is bought once, but for those in flight at a kill.
  const failing = new Set(bodies.filter((body) => body.includes('"model":"flaky"')));
  const bought = bodies.filter((body) => !failing.has(body));
  expect(new Set(bought).size).toBe(400);
  expect(bought.length).toBeLessThanOrEqual(400 + kills.length * MOST_OUT);

  // Started once more, it buys nothing of the two that do not break.
  const before = bought.length;
  expect(await run(Number.POSITIVE_INFINITY)).toEqual(lines);
  const after = graders.server.requests.filter(({ body }) => !body.includes('"model":"flaky"'));
  expect(after).toHaveLength(before);
  const journal = await openJournal(path);
  const entries = await entriesOf(journal);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(600);
  await journal.close();
  await graders.server.close();
});
