import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { delayed, json, type Reply, reset, startFaultServer } from '../../src/testing/testing.ts';
import { beside, experimentOf, file, tableOf } from './experiment-file.ts';
import { sum } from './experiment-kills.ts';
import { runCommand } from './run-command.ts';

const MODEL = 'ollama/llama3.2';
const QUESTIONS = 40;
const served = {
  ...file,
  models: [...file.models, MODEL],
  conditions: {
    healthy: { models: ['large'], normalization: 'numeric' },
    served: { models: [MODEL], normalization: 'numeric' },
  },
  concurrency: 1,
  timeoutMs: 60_000,
};
const names = ['r.html', 'r.md', 'r.csv', 'r.json'];

/** Runs an experiment against a server whose reply to the n-th request `replyTo` returns; `undefined` is a right answer. */
const runServed = async (
  replyTo: (request: number, body: string, answer: Reply) => Reply | undefined,
  { experiment = served, path = experimentOf(experiment, QUESTIONS) } = {},
) => {
  const server = await startFaultServer();
  let requests = 0;
  server.script((response, stalled) => {
    const body = server.requests.at(-1)?.body ?? '';
    const answer = sum(body);
    const reply = replyTo(requests, body, answer);
    requests += 1;
    return (reply ?? answer)(response, stalled);
  });
  const reports = names.map((name) => beside(path, name));
  try {
    const ended = await runCommand(['run', path, '--report', ...reports], {
      env: { OLLAMA_HOST: server.baseURL },
    });
    const [page = '', markdown = '', csv = '', card = ''] = reports.map((report) =>
      readFileSync(report, 'utf8'),
    );
    return { ...ended, page, markdown, csv, card: JSON.parse(card), path, requests };
  } finally {
    await server.close();
  }
};

const failing = (status: number) => json({ error: { message: 'down' } }, { status });

describe.each([
  [
    'every second call fails with 503',
    (n: number) => (n % 2 === 0 ? undefined : failing(503)),
    20,
    'ProviderError',
  ],
  [
    'every second call is limited',
    (n: number) => (n % 2 === 0 ? undefined : failing(429)),
    20,
    'RateLimitError',
  ],
  [
    'every second connection breaks',
    (n: number) => (n % 2 === 0 ? undefined : reset()),
    20,
    'ConnectionError',
  ],
  [
    'the model is gone at times',
    (n: number) => (n % 4 === 0 ? failing(404) : undefined),
    10,
    'InvalidRequestError',
  ],
])('an outage of a part: %s', (_, replyTo, lost, error) => {
  it('leaves the questions out of every figure, compares nothing, says so everywhere, and exits with 1', async () => {
    const { code, stdout, stderr, page, markdown, csv, card } = await runServed(replyTo);
    expect(code).toBe(1);
    const answered = QUESTIONS - lost;
    expect(stdout).toMatch(new RegExp(`^served +100\\.0 % +[\\d.–]+ +${answered}/40 +${lost} +1\\.00 `, 'm'));
    expect(stdout).toMatch(/^healthy +100\.0 % +[\d.–]+ +40\/40 +0 /m);
    const note = `served: ${lost} of 40 questions are left out of all figures, because calls failed`;
    const verdict = `served: not compared with other conditions: calls failed or are missing for ${lost} of 40 questions, more than 5 %`;
    expect(stdout).toContain(`${note}\n${verdict}\n`);
    expect(stdout).toContain(`served: ${lost} of 40 calls of ${MODEL} failed with ${error}`);
    expect(stderr).toContain(
      'calls failed or are missing for more than 5 % of the questions of served; the reasons are below the table. Run it again: only the calls that failed are made',
    );
    for (const text of [page, markdown]) {
      expect(text).toContain(note);
      expect(text).toContain(verdict);
      expect(text).toContain('left out');
      expect(text).not.toContain('Comparisons');
    }
    expect(csv).toMatch(
      new RegExp(`^served,40,${answered},${answered},${answered},1,.*,${lost},0,0,no,\\r$`, 'm'),
    );
    expect(csv).toMatch(/^healthy,40,40,40,40,1,.*,0,0,0,yes,\r$/m);
    expect(card.comparisons).toStrictEqual([]);
    expect(card.pareto.costAccuracy).not.toContain('served');
    expect(card.conditions[1]).toMatchObject({
      questions: 40,
      leftOut: { failed: lost, notRecorded: 0 },
      labelled: answered,
      coverage: { value: 1 },
      accuracy: { value: 1 },
    });
  });

  it('asks only what failed when it is run again', async () => {
    const first = await runServed(replyTo);
    const { code, stdout, stderr, requests, card } = await runServed(() => undefined, { path: first.path });
    expect([code, requests]).toStrictEqual([0, lost]);
    expect(stdout).not.toMatch(/left out|not compared/);
    expect(stderr).not.toContain('more than 5 %');
    expect(stdout).toMatch(
      new RegExp(`^${lost} calls made \\(cost unknown\\); ${80 - lost} answers reused`, 'm'),
    );
    expect(card.comparisons).toMatchObject([{ questions: 40, pValue: 1 }]);
  });
});

it('leaves out what exceeds the time limit of the run, but not what exceeds that of a condition', async () => {
  const conditions = {
    ...served.conditions,
    hasty: { models: [MODEL], normalization: 'numeric', timeoutMs: 1 },
  };
  const questions: string[] = [];
  // Every second question is answered, later than the one limit, and long before the other.
  const late = (_: number, question: string, answer: Reply): Reply => {
    if (!questions.includes(question)) questions.push(question);
    return questions.indexOf(question) % 2 === 0 ? delayed(100_000, json({})) : delayed(20, answer);
  };
  const { stdout } = await runServed(late, {
    experiment: { ...served, conditions, timeoutMs: 1_000 } as typeof served,
    path: experimentOf({ ...served, conditions, timeoutMs: 1_000 }, 6),
  });
  expect(stdout).toMatch(/^served +100\.0 % +[\d.–]+ +3\/6 +3 /m);
  expect(stdout).toContain(`served: 3 of 6 calls of ${MODEL} failed with TimeoutError`);
  // Its own limit is a part of the condition: it answers nothing, whatever the calls would have said.
  expect(stdout).toMatch(/^hasty +– +0\/6 +0 /m);
});

it('scores what was answered before a key was revoked, and stops', async () => {
  const { code, stdout, stderr, card } = await runServed((n) => (n < 15 ? undefined : failing(401)));
  expect(code).toBe(1);
  expect(stderr).toContain('its calls for 10 questions in a row failed, the last with AuthenticationError');
  expect(stdout).toMatch(/^served +100\.0 % +[\d.–]+ +15\/25 +10 +1\.00 /m);
  expect(stdout).toMatch(/^healthy +100\.0 % /m);
  expect(stdout).toContain('not compared with other conditions');
  expect(card.comparisons).toStrictEqual([]);
});

describe('few failed calls', () => {
  it('leave the comparison, on the questions that both answered, and exit with 0', async () => {
    const { code, stdout, card, markdown } = await runServed((n) =>
      n === 7 || n === 8 ? failing(500) : undefined,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^served +100\.0 % +[\d.–]+ +38\/40 +2 /m);
    expect(stdout).toContain('served: 2 of 40 questions are left out of all figures, because calls failed');
    expect(stdout).not.toContain('not compared');
    expect(card.comparisons).toMatchObject([{ questions: 38, bothRight: 38 }]);
    expect(markdown).toMatch(/healthy → served +\|.*\| +38 \|/);
  });
});

describe('a panel that lost a member', () => {
  const panel = {
    ...served,
    conditions: {
      healthy: { models: ['large'], normalization: 'numeric' },
      panel: { models: ['large', 'small', MODEL], normalization: 'numeric' },
    },
  };

  it.each([
    [2, 0, true],
    [8, 1, false],
  ])(
    'on %d of 40 questions is scored, the table says so, and the exit code is %d',
    async (lost, exit, isCompared) => {
      const { code, stdout, card, csv, page } = await runServed(
        (n) => (n < lost ? failing(500) : undefined),
        {
          experiment: panel as unknown as typeof served,
        },
      );
      const note = `panel: ${lost} of 40 questions were answered by a reduced panel, because calls of its other members failed`;
      expect(stdout).toContain(note);
      expect(page).toContain(note);
      expect(page).toContain('reduced panel');
      expect(stdout).toMatch(/^panel +\d+\.\d % +[\d.–]+ +40\/40 /m);
      expect(csv).toMatch(
        new RegExp(`^panel,40,40,40,.*,0,0,${lost},${isCompared ? 'yes' : 'no'},\\r$`, 'm'),
      );
      expect(card.comparisons).toHaveLength(Number(isCompared));
      expect(card.conditions[1]).toMatchObject({ labelled: 40, reduced: lost });
      expect(code).toBe(exit);
    },
  );

  it('is not charted as if the lost calls were wrong answers', async () => {
    const { page } = await runServed((n) => (n < 10 ? failing(500) : undefined), {
      experiment: panel as unknown as typeof served,
    });
    expect(page).toContain('Plurality votes on 30 questions.');
  });
});

it('counts a request that is refused for its question as wrong, because it would be refused again', async () => {
  const { code, stdout, card } = await runServed((n) => (n % 2 === 0 ? undefined : failing(400)));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^served +50\.0 % +[\d.–]+ +20\/40 /m);
  expect(card.comparisons).toMatchObject([{ questions: 40, onlyFirstRight: 20 }]);
});

it('says in JSON how many questions are left out', async () => {
  const { path } = await runServed((n) => (n < 10 ? failing(500) : undefined));
  writeFileSync(beside(path, 'experiment.json'), JSON.stringify(served));
  const { code, stdout } = await runCommand(['rescore', path, '--json'], {
    env: { OLLAMA_HOST: '127.0.0.1:1' },
  });
  expect(code).toBe(1);
  expect(tableOf(stdout).conditions[1]).toMatchObject({
    answered: 30,
    scored: 30,
    leftOut: { failed: 10, notRecorded: 0 },
    reduced: 0,
    isIncomplete: true,
  });
});
