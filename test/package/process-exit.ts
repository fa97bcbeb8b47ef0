import { setTimeout as nap } from 'node:timers/promises';
import { createEnsemble, defineModel, hedged, type Model, simulated } from '../../src/index.ts';
import { cache } from '../../src/policies/cache.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

/*
 * A process in which each case starts once nothing of the case before keeps the process alive: Node emits `beforeExit`
 * when it would end. Prints a report of each case as a line of JSON.
 */

/** What a case came to, as the process prints it. */
export interface CaseReport {
  readonly name: string;
  readonly result: unknown;
  /** What would have kept the process alive soon after the result. */
  readonly left: readonly string[];
}

/** How often a case may nap until nothing is left of it: a busy machine closes a connection late. */
const MOST_NAPS = 400;

const HOURS_MS = 36_000_000;

/** Servers of the parent process: one that answers or stalls by its path, and one that accepts connections only. */
const [serverURL = '', silentURL = ''] = process.argv.slice(2);

const silent = defineModel('silent', () => new Promise(() => {}));

const simulatedModels = (...latenciesMs: number[]): Model[] =>
  latenciesMs.map((latencyMs, index) => simulated({ id: `simulated-${index}`, latencyMs }));

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** Asks each provider, by the behavior of the server: `answer`, `stall` or `stream`. */
const providers: Readonly<Record<string, (behavior: string) => Model>> = {
  gemini: (behavior) => gemini('m', { apiKey: 'k', baseURL: `${serverURL}/${behavior}` }),
  googleGenAI: (behavior) => googleGenAI('m', { apiKey: 'k', baseURL: `${serverURL}/${behavior}` }),
  openai: (behavior) => openai('m', { apiKey: 'k', baseURL: `${serverURL}/${behavior}/v1` }),
  anthropic: (behavior) => anthropic('m', { apiKey: 'k', baseURL: `${serverURL}/${behavior}` }),
  openaiCompatible: (behavior) => openaiCompatible('m', { baseURL: `${serverURL}/${behavior}/v1` }),
};

const compatibleModels = (...behaviors: string[]): Model[] =>
  behaviors.map((behavior, index) =>
    openaiCompatible('m', { id: `${behavior}-${index}`, baseURL: `${serverURL}/${behavior}/v1` }),
  );

const errorName = (error: unknown): string => (error instanceof Error ? error.name : String(error));

const cases: Readonly<Record<string, () => Promise<unknown>>> = {
  'a prediction that stopped before a call had ended': async () => {
    const models = [...simulatedModels(1, 2), silent];
    const ensemble = createEnsemble({
      models,
      earlyStop: ({ successes }) => successes === 2,
      timeoutMs: HOURS_MS,
    });
    const { metadata } = await ensemble.predict('2 + 2');
    return [metadata.cancelled, timers()];
  },
  'a hedged prediction': async () => {
    const models = simulatedModels(HOURS_MS, 1);
    const execution = hedged({ hedgeDelayMs: 1 });
    const { metadata } = await createEnsemble({ models, execution, timeoutMs: HOURS_MS }).predict('2 + 2');
    return [metadata.cancelled, timers()];
  },
  'an abort': async () => {
    const controller = new AbortController();
    const ensemble = createEnsemble({ models: [silent], timeoutMs: HOURS_MS });
    const prediction = ensemble.predict('2 + 2', { signal: controller.signal });
    const before = timers();
    controller.abort();
    await prediction.catch(() => {});
    return [before, timers()];
  },
  'a stream that was left': async () => {
    const ensemble = createEnsemble({ models: [...simulatedModels(1), silent], timeoutMs: HOURS_MS });
    const seen: unknown[] = [];
    for await (const event of ensemble.stream('2 + 2')) {
      if (event.type !== 'response') continue;
      seen.push(event.type, timers());
      break;
    }
    return [...seen, timers()];
  },
  'many predictions that were left': async () => {
    const ensemble = createEnsemble({ models: simulatedModels(1), timeoutMs: HOURS_MS });
    const endless = (function* () {
      for (let n = 0; ; n += 1) yield `${n} + 1`;
    })();
    let count = 0;
    for await (const _ of ensemble.predictAll(endless, { concurrency: 50 })) {
      count += 1;
      if (count === 100) break;
    }
    return [count, timers()];
  },
  'a time-out': async () => {
    const ensemble = createEnsemble({ models: [silent], timeoutMs: 5 });
    return [await ensemble.predict('2 + 2').catch(errorName), timers()];
  },
  'a cancelled call that rejects': async () => {
    const late = defineModel('late', async (_, { signal }) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return '4';
    });
    const ensemble = createEnsemble({ models: [...simulatedModels(1), late], earlyStop: 0.5 });
    const { outcomes } = await ensemble.predict('2 + 2');
    return outcomes.map(({ status }) => status);
  },
  'a cached answer': async () => {
    let calls = 0;
    const counting = defineModel('a', () => {
      calls += 1;
      return '4';
    });
    const models = [cache({ ttlMs: HOURS_MS })(counting)];
    const ensemble = createEnsemble({ models, timeoutMs: HOURS_MS });
    await ensemble.predict('2 + 2');
    return [(await ensemble.predict('2 + 2')).answer, calls, timers()];
  },
  ...Object.fromEntries(
    Object.entries(providers).flatMap(([name, model]) =>
      ['answer', 'stall'].map((behavior) => [
        `${name}: ${behavior}`,
        // An answer has time for the SDK to load.
        async () => {
          const timeoutMs = behavior === 'answer' ? HOURS_MS : 300;
          const ensemble = createEnsemble({ models: [model(behavior)], timeoutMs });
          return ensemble.predict('?').then(({ answer }) => answer, errorName);
        },
      ]),
    ),
  ),
  'kept connections of fetch': async () => {
    const models = ['a', 'b', 'c'].map((id) =>
      openaiCompatible('m', { id, baseURL: `${serverURL}/answer/v1`, fetch }),
    );
    return (await createEnsemble({ models }).predict('?')).answer;
  },
  'kept connections of undici': async () =>
    (await createEnsemble({ models: compatibleModels('answer', 'answer', 'answer') }).predict('?')).answer,
  'cancelled requests': async () => {
    const models = compatibleModels('answer', 'answer', 'silence');
    const { metadata } = await createEnsemble({ models, earlyStop: 'decided' }).predict('?');
    return metadata.cancelled;
  },
  'a TLS handshake that never ended': async () => {
    const models = [openaiCompatible('m', { baseURL: silentURL })];
    const ensemble = createEnsemble({ models, timeoutMs: 300 });
    return ensemble.predict('?').catch((error) => errorName(error.outcomes[0].error));
  },
  'a stream that the server never ends': async () => {
    const answers: unknown[] = [];
    for await (const event of createEnsemble({ models: compatibleModels('stream') }).stream('?')) {
      if (event.type === 'complete') answers.push(event.prediction.answer);
    }
    return answers;
  },
};

const print = (report: CaseReport): void => {
  process.stdout.write(`${JSON.stringify(report)}\n`);
};

process.on('unhandledRejection', (reason) =>
  print({ name: 'unhandled rejection', result: String(reason), left: [] }),
);

const waiting = Object.entries(cases);

// Opens the pipe of errors, so that it counts as a resource from the beginning.
process.stderr.write('');

process.on('beforeExit', async () => {
  const [name, run] = waiting.shift() ?? [];
  if (name === undefined || run === undefined) return;
  const before = process.getActiveResourcesInfo();
  const left = (): string[] => {
    const resources = process.getActiveResourcesInfo();
    for (const resource of before) {
      const index = resources.indexOf(resource);
      if (index >= 0) resources.splice(index, 1);
    }
    return resources;
  };
  const result = await run().catch(String);
  // At least one nap: Node emits `beforeExit` again only after there was something to wait for.
  await nap(5);
  for (let naps = 0; naps < MOST_NAPS && left().length > 0; naps += 1) await nap(5);
  print({ name, result, left: left() });
});
