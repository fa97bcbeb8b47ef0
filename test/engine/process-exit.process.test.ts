import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const core = new URL('../../src/index.ts', import.meta.url).href;
const folder = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program of its own process until that ends by itself; gives what it says as JSON. */
const run = (
  program: string,
): Promise<{ readonly code: number | null; readonly said: unknown; readonly errors: string }> =>
  new Promise((resolve, reject) => {
    const source = `import * as core from ${JSON.stringify(core)};
      const { createEnsemble, defineModel, hedged, simulated, toAsyncIterable } = core;
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
      const say = (value) => process.stdout.write(JSON.stringify(value));
      const silent = defineModel('silent', () => new Promise(() => {}));
      ${program}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { cwd: folder });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, errors, said: output === '' ? undefined : JSON.parse(output) }),
    );
  });

describe('after the last result nothing keeps the process alive', () => {
  it.each([
    [
      'a prediction that left a call out',
      `const ensemble = createEnsemble({
         models: [simulated({ id: 'a', latencyMs: 1 }), simulated({ id: 'b', latencyMs: 2 }), silent],
         earlyStop: ({ successes }) => successes === 2, timeoutMs: 600_000 });
       const { metadata } = await ensemble.predict('2 + 2');
       say([metadata.cancelled, timers()]);`,
      [1, []],
    ],
    [
      'a hedged prediction',
      `const ensemble = createEnsemble({
         models: [simulated({ id: 'slow', latencyMs: 600_000 }), simulated({ id: 'quick', latencyMs: 1 })],
         execution: hedged({ hedgeDelayMs: 1 }), timeoutMs: 600_000 });
       const { metadata } = await ensemble.predict('2 + 2');
       say([metadata.cancelled, timers()]);`,
      [1, []],
    ],
    [
      'an abort',
      `const controller = new AbortController();
       const prediction = createEnsemble({ models: [silent], timeoutMs: 600_000 })
         .predict('2 + 2', { signal: controller.signal });
       const before = timers().length;
       controller.abort();
       await prediction.catch(() => {});
       say([before, timers()]);`,
      [1, []],
    ],
    [
      'a stream that was left',
      `const ensemble = createEnsemble({ models: [simulated({ id: 'a', latencyMs: 1 }), silent], timeoutMs: 600_000 });
       for await (const event of ensemble.stream('2 + 2')) { say([event.type, timers().length]); break; }
       if (timers().length > 0) process.exitCode = 9;`,
      ['response', 1],
    ],
    [
      'many questions that were left',
      `const ensemble = createEnsemble({ models: [simulated({ id: 'a', latencyMs: 1 })], timeoutMs: 600_000 });
       const endless = (function* () { for (let n = 0; ; n += 1) yield n + ' + 1'; })();
       let count = 0;
       for await (const _ of ensemble.predictAll(endless, { concurrency: 50 })) if ((count += 1) === 100) break;
       say([count, timers()]);`,
      [100, []],
    ],
    [
      'a timeout',
      `const error = await createEnsemble({ models: [silent], timeoutMs: 5 }).predict('2 + 2').catch((e) => e);
       say([error.name, timers()]);`,
      ['AllModelsFailedError', []],
    ],
  ])('of %s', async (_, program, said) => {
    expect(await run(program)).toStrictEqual({ code: 0, errors: '', said });
  });

  it('of a loser that rejects when it is aborted, which is no unhandled rejection', async () => {
    const program = `
      process.on('unhandledRejection', () => { process.exitCode = 9; });
      const late = defineModel('late', async (_, { signal }) => {
        await new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      });
      const ensemble = createEnsemble({ models: [simulated({ id: 'a', latencyMs: 1 }), late], earlyStop: 0.5 });
      const { outcomes } = await ensemble.predict('2 + 2');
      say(outcomes.map(({ status }) => status));`;
    expect(await run(program)).toStrictEqual({ code: 0, errors: '', said: ['answered', 'cancelled'] });
  });
});
