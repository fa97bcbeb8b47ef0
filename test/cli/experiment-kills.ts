import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { drawsFor } from '../../src/models/random.ts';
import { openJournal } from '../../src/node/file-journal.ts';
import { delayed, json, type Reply, startFaultServer } from '../../src/testing/testing.ts';

export const PROCESS = new URL('./experiment-process.ts', import.meta.url);

/** How often and how an experiment is killed. */
export interface KillOptions {
  readonly kills: number;
  readonly questions: number;
  readonly seed: string;
  readonly journal: string;
  /** The path of the program, which is {@link PROCESS} or a bundle of it. */
  readonly program: string;
}

/** What was left of an experiment that was killed again and again, and then run to its end. */
export interface AfterKills {
  /** The trials of the last run, as `question condition score`, and how that run ended. */
  readonly trials: readonly string[];
  readonly last: string | undefined;
  /** Keys of calls that were said to be written, of which the journal has no entry. */
  readonly lost: number;
  readonly acknowledged: number;
  /** How many calls the journal has in the end. */
  readonly recorded: number;
  /** Keys of answered calls that were written more than once. */
  readonly answeredTwice: number;
  /** How many requests the server saw, how many different ones, and how many it refused. */
  readonly requests: number;
  readonly distinct: number;
  readonly refused: number;
  /** How many calls were out at each kill: seen by the server, and not yet said to be written. */
  readonly inFlight: readonly number[];
}

/**
 * Kills the process of an experiment at random moments, each time after it has been started again, and lets it end in
 * the end. The server is late by 1 to 20 ms and refuses one request in thirty; it answers all of them in the last run.
 */
export const killAndResume = async ({
  kills,
  questions,
  seed,
  journal,
  program,
}: KillOptions): Promise<AfterKills> => {
  const draw = drawsFor(seed);
  const server = await startFaultServer();
  let refused = 0;
  let isLastRun = false;
  const answer: Reply = (response, stalled) => {
    const isRefused = !isLastRun && draw() < 1 / 30;
    if (isRefused) refused += 1;
    const reply = isRefused
      ? json({ error: { message: 'busy' } }, { status: 503 })
      : sum(server.requests.at(-1)?.body);
    delayed(1 + Math.floor(draw() * 20), reply)(response, stalled);
  };
  server.script(answer);

  const acknowledged = new Set<string>();
  const answered: string[] = [];
  const inFlight: number[] = [];
  let trials: string[] = [];
  let last: string | undefined;
  try {
    for (let run = 0; run <= kills; run += 1) {
      isLastRun = run === kills;
      const before = server.requests.length;
      const child = spawn(process.execPath, [program, journal, `${server.baseURL}/v1`, `${questions}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'close');
      let text = '';
      const killAfter = isLastRun ? Number.POSITIVE_INFINITY : Math.floor(draw() * 100);
      const jitterMs = draw() * 15;
      let written = 0;
      let killing: NodeJS.Timeout | undefined;
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        written += piece.split('written').length - 1;
        if (written >= killAfter) killing ??= setTimeout(() => child.kill('SIGKILL'), jitterMs);
      });
      await ended;
      clearTimeout(killing);
      // The last one may be cut off; what is not whole was not said.
      const lines = text.split('\n').slice(0, -1);
      const keys = lines.filter((line) => line.startsWith('written')).map((line) => line.split(' '));
      for (const [, status = '', key = ''] of keys) {
        acknowledged.add(key);
        if (status === 'answered') answered.push(key);
      }
      if (!isLastRun) inFlight.push(server.requests.length - before - keys.length);
      trials = lines.filter((line) => line.startsWith('trial')).map((line) => line.slice('trial '.length));
      last = lines.at(-1);
    }
  } finally {
    await server.close();
  }
  const kept = await openJournal(journal, { readOnly: true });
  let lost = 0;
  for (const key of acknowledged) if ((await kept.get(key)) === undefined) lost += 1;
  const recorded = kept.count;
  await kept.close();
  return {
    trials,
    last,
    lost,
    acknowledged: acknowledged.size,
    recorded,
    answeredTwice: answered.length - new Set(answered).size,
    requests: server.requests.length,
    distinct: new Set(server.requests.map(({ body }) => body)).size,
    refused,
    inFlight,
  };
};

/** The answer to a question about a sum, as OpenAI's chat completions have it. */
export const sum = (body: string | undefined): Reply => {
  const content = sumIn(questionIn(body));
  return json({ choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] });
};

/** A request that was cut off by a kill has no question. */
const questionIn = (body = ''): string => {
  try {
    return (JSON.parse(body) as { messages: readonly { content: string }[] }).messages.at(-1)?.content ?? '';
  } catch {
    return '';
  }
};

const sumIn = (question: string): string =>
  String([...question.matchAll(/\d+/g)].reduce((sum, [digits]) => sum + Number(digits), 0));
