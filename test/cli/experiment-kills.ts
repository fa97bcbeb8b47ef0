import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { drawsFor } from '../../src/models/random.ts';
import { openJournal } from '../../src/node/file-journal.ts';
import { delayed, json, type Reply, startFaultServer } from '../../src/testing/testing.ts';

export const PROCESS = new URL('./experiment-process.ts', import.meta.url);

/** Options of {@link killAndResume}. */
export interface KillOptions {
  readonly kills: number;
  readonly questions: number;
  readonly seed: string;
  readonly journal: string;
  /** The path of the program, which is {@link PROCESS} or a bundle of it. */
  readonly program: string;
}

/** The result of an experiment that was killed several times and then ran to its end. */
export interface AfterKills {
  /** The trials of the last run, as `question condition score`, and how that run ended. */
  readonly trials: readonly string[];
  readonly last: string | undefined;
  /** The number of acknowledged entries that the journal does not have. */
  readonly lost: number;
  readonly acknowledged: number;
  /** The number of calls in the journal at the end. */
  readonly recorded: number;
  /** The number of answered calls that were written more than once. */
  readonly answeredTwice: number;
  /** The numbers of all requests, of different requests, and of refused requests. */
  readonly requests: number;
  readonly distinct: number;
  readonly refused: number;
  /** The calls in flight at each kill: requested, but not yet acknowledged. */
  readonly inFlight: readonly number[];
}

/**
 * Starts an experiment and kills its process at a random moment, several times, and then lets it run to its end. The server
 * responds after 1 to 20 ms and refuses one request in thirty; in the last run it answers every request.
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
      // A kill may cut off the last line.
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

/** Answers a question about a sum, as OpenAI's chat completions do. */
export const sum = (body: string | undefined): Reply => {
  const content = sumIn(questionIn(body));
  return json({ choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] });
};

/** Returns the question of a request; empty if a kill has cut the request off. */
const questionIn = (body = ''): string => {
  try {
    return (JSON.parse(body) as { messages: readonly { content: string }[] }).messages.at(-1)?.content ?? '';
  } catch {
    return '';
  }
};

const sumIn = (question: string): string =>
  String([...question.matchAll(/\d+/g)].reduce((sum, [digits]) => sum + Number(digits), 0));
