/**
 * Builds the example of Angular with its own builder, runs its tests, serves it, and clicks through it in Chromium. The upstream of
 * its panel is a server that counts calls and closed connections. Prints a table, and fails if a capability fails.
 *
 * `npm run check:angular` needs a build, the npm registry once, and Chromium at /usr/bin/chromium. With `--write` it writes the
 * table into docs/frameworks/angular.md. Takes two minutes.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Server } from 'srvx';
import example from '../examples/angular/package.json' with { type: 'json' };
import { type FaultServer, type SeenRequest, startFaultServer } from '../src/testing/fault-server.ts';
import { delayed, json, type Reply, stalledHeaders } from '../src/testing/replies.ts';
import { checkCapabilities, type Trial } from './capability-table.ts';
import { installed } from './on-demand.ts';

const { 'crucible-ensemble': _, ...dependencies } = example.dependencies;
const folder = installed({
  name: 'angular',
  packages: { ...dependencies, ...example.devDependencies, 'axe-core': '4.14.1' },
  packed: true,
});
cpSync(new URL('../examples/angular/', import.meta.url), folder.url, {
  recursive: true,
  filter: (path) => !path.endsWith('package.json'),
});
const root = fileURLToPath(folder.url);

// The components of the page are compiled with the app.
const page = readFileSync(new URL('../docs/frameworks/angular.md', import.meta.url), 'utf8');
const components = [...page.matchAll(/^```ts no-run\n(.*?)^```/gms)].flatMap(([, code = '']) =>
  code.includes('@Component') ? [code] : [],
);
assert.equal(components.length, 2);
mkdirSync(new URL('src/docs/', folder.url), { recursive: true });
for (const [index, code] of components.entries())
  writeFileSync(new URL(`src/docs/component-${index}.ts`, folder.url), code);

/** Runs a command of Angular. */
const ng = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [folder.bin('ng'), ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, NG_CLI_ANALYTICS: 'false', CI: '1', NO_COLOR: '1' },
  });
  assert.equal(status, 0, `ng ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout + stderr;
};

/** How the upstream answers: one member after the other, only the first one, with failures, or all at once. */
type Mode = 'one by one' | 'one only' | 'failing' | 'at once';
let mode: Mode = 'at once';
const REPLIES_MS = [100, 700, 1400];

const completion = (content: string): Reply =>
  json({
    id: 'c',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  });

const replyTo = (request: SeenRequest): Reply => {
  const { model } = request.json() as { readonly model: string };
  const number = Number(model.split('-')[1]);
  if (mode === 'failing') return json({ error: { message: 'down' } }, { status: 500 });
  if (mode === 'one only' && number > 1) return stalledHeaders();
  const reply = completion(number === 3 ? 'Lyon' : 'Paris');
  return mode === 'one by one' ? delayed(REPLIES_MS[number - 1] ?? 0, reply) : reply;
};

interface Package {
  readonly createEnsemble: typeof import('../src/index.ts').createEnsemble;
  readonly createEnsembleHandler: typeof import('../src/server/server.ts').createEnsembleHandler;
  readonly openaiCompatible: typeof import('../src/providers/openai-compatible.ts').openaiCompatible;
  readonly serveApp: typeof import('../examples/angular/serve-app.ts').serveApp;
}

const load = async (): Promise<Package> =>
  Object.assign(
    {},
    ...(await Promise.all(
      [
        'crucible-ensemble',
        'crucible-ensemble/server',
        'crucible-ensemble/openai-compatible',
        './serve-app.ts',
      ].map((name) => folder.load<object>(name)),
    )),
  ) as Package;

/** The app and its panel at one origin, which can be stopped and started again. */
const serving = async (upstream: FaultServer) => {
  const { createEnsemble, createEnsembleHandler, openaiCompatible, serveApp } = await load();
  const models = [1, 2, 3].map((number) =>
    openaiCompatible(`model-${number}`, {
      baseURL: `${upstream.baseURL}/v1`,
      apiKey: 'upstream',
    }),
  );
  const pricing = { priceOf: () => ({ usd: 0.002 }), countTokens: (text: string) => text.length };
  const panel = createEnsemble({ models, pricing });
  let asked = 0;
  let server: Server | undefined;
  const start = async (port: number): Promise<number> => {
    const handler = createEnsembleHandler({ ensembles: { panel, broken: panel } });
    handler.events$.subscribe(({ type }) => {
      if (type === 'begin') asked += 1;
    });
    server = serveApp(new URL('dist/browser/', folder.url), handler, port);
    await server.ready();
    return Number(new URL(server.url ?? '').port);
  };
  return { start, stop: async () => server?.close(true), asked: () => asked };
};

console.log('Building the app …');
const built = ng('build');
const files = readdirSync(new URL('dist/browser/', folder.url)).filter((name) => name.endsWith('.js'));
const bytes = files.reduce(
  (sum, name) => sum + gzipSync(readFileSync(new URL(`dist/browser/${name}`, folder.url))).length,
  0,
);

const upstream = await startFaultServer();
upstream.answer(replyTo);
const app = await serving(upstream);
const port = await app.start(0);
const url = `http://127.0.0.1:${port}/`;
const browser: Browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const complaints: string[] = [];

const open = async (path = ''): Promise<Page> => {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${url}${path}`);
  await page.locator('h1').waitFor();
  return page;
};

const status = (page: Page, text: string): Promise<void> =>
  page.locator('#status').filter({ hasText: text }).waitFor();

const ask = async (page: Page, chosen: Mode, question = 'What is the capital of France?'): Promise<void> => {
  mode = chosen;
  await page.fill('#question', question);
  await page.press('#question', 'Enter');
};

/** Asks a panel of which one member answers. Returns the calls that wait, and the page. */
const waiting = async (): Promise<{ page: Page; calls: readonly SeenRequest[] }> => {
  const page = await open();
  const before = upstream.requests.length;
  await ask(page, 'one only');
  await page.locator('#votes').waitFor();
  const calls = await Promise.all([0, 1, 2].map((index) => upstream.seen(before + index)));
  return {
    page,
    calls: calls.filter((call) => (call.json() as { readonly model: string }).model !== 'model-1'),
  };
};

const closing = async (calls: readonly SeenRequest[], leave: () => Promise<unknown>): Promise<string> => {
  assert.deepEqual(
    calls.map((call) => call.isAbandoned()),
    [false, false],
  );
  await leave();
  await Promise.all(calls.map(({ abandoned }) => abandoned));
  return `${calls.length} of 2`;
};

const violationsIn = async (page: Page): Promise<readonly string[]> => {
  await page.addScriptTag({ path: fileURLToPath(new URL('node_modules/axe-core/axe.min.js', folder.url)) });
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
};

const capabilities: Readonly<Record<string, Trial>> = {
  'builds for production, zoneless, without a warning': async () => {
    assert.doesNotMatch(built, /WARNING|CommonJS/);
    return `${Math.round(bytes / 1000)} kB of scripts, gzipped`;
  },
  'a page that is opened has asked nothing': async () => {
    const page = await open();
    await status(page, 'No question yet');
    await page.close();
    assert.equal(app.asked(), 0);
  },
  '`ng test` passes': async () => {
    const passed = /Tests\s+(\d+) passed/.exec(ng('test'))?.[1];
    assert.notEqual(passed, undefined);
    return `${passed} tests`;
  },
  'votes appear one by one': async () => {
    const page = await open();
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        const shown = [...document.querySelectorAll('#votes li')].map((vote) =>
          (vote.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
        );
        const text = shown.join(', ');
        if (text !== '' && text !== seen.at(-1)) seen.push(text);
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await ask(page, 'one by one');
    await status(page, 'Answered');
    assert.deepEqual(await page.evaluate('seen'), ['paris 1', 'paris 2', 'paris 2, lyon 1']);
    assert.equal(await page.textContent('#answer'), 'Paris');
    assert.match((await page.textContent('#consensus')) ?? '', /67/);
    assert.match((await page.textContent('#cost')) ?? '', /^\s*Cost\s+\$0\.006\s*$/);
    await page.close();
  },
  'costs are a lower bound until the end': async () => {
    const { page } = await waiting();
    assert.match((await page.textContent('#cost')) ?? '', /at least\s+\$0\.002/);
    await page.close();
  },
  'a stop closes the connections to the providers': async () => {
    const { page, calls } = await waiting();
    const closed = await closing(calls, () => page.click('#stop'));
    await status(page, 'Stopped');
    assert.match((await page.textContent('#votes')) ?? '', /paris/);
    assert.match((await page.textContent('#members')) ?? '', /model-2: cancelled/);
    await page.close();
    return closed;
  },
  'so does a question that becomes `undefined`': async () => {
    const { page, calls } = await waiting();
    const closed = await closing(calls, () => page.click('#clear'));
    await status(page, 'No question yet');
    await page.close();
    return closed;
  },
  'so does the next question, which has its own votes': async () => {
    const { page, calls } = await waiting();
    const closed = await closing(calls, () => ask(page, 'at once', 'And of Italy?'));
    await status(page, 'Answered');
    await page.close();
    return closed;
  },
  'so does navigation to another page': async () => {
    const { page, calls } = await waiting();
    const closed = await closing(calls, () => page.click('text=About'));
    await page.locator('h1').filter({ hasText: 'About' }).waitFor();
    await page.close();
    return closed;
  },
  'so does the end of the tab': async () => {
    const { page, calls } = await waiting();
    return closing(calls, () => page.close());
  },
  'a failed panel is asked once': async () => {
    const page = await open();
    const [asked, calls] = [app.asked(), upstream.requests.length];
    await page.selectOption('#panel', 'broken');
    await ask(page, 'failing');
    await status(page, 'No answer');
    assert.match((await page.textContent('#error')) ?? '', /all models failed/);
    assert.match((await page.textContent('#members')) ?? '', /model-1: failed/);
    await page.close();
    assert.equal(app.asked() - asked, 1);
    return `${upstream.requests.length - calls} calls for 3 members`;
  },
  'a cut connection is an error, and the next question reconnects': async () => {
    const { page, calls } = await waiting();
    await closing(calls, app.stop);
    await status(page, 'No answer');
    assert.match((await page.textContent('#error')) ?? '', /the connection ended/);
    assert.match((await page.textContent('#votes')) ?? '', /paris/);
    await page.click('#again');
    await page.locator('#error').filter({ hasText: 'cannot be reached' }).waitFor();
    await app.start(port);
    mode = 'at once';
    await page.click('#again');
    await status(page, 'Answered');
    assert.equal(await page.locator('#error').count(), 0);
    await page.close();
  },
  'axe-core finds no violation': async () => {
    const found: string[] = [];
    const page = await open();
    found.push(...(await violationsIn(page)));
    await ask(page, 'at once');
    await status(page, 'Answered');
    found.push(...(await violationsIn(page)));
    await ask(page, 'failing', 'And of Italy?');
    await status(page, 'No answer');
    found.push(...(await violationsIn(page)));
    await page.click('text=About');
    await page.locator('h1').filter({ hasText: 'About' }).waitFor();
    found.push(...(await violationsIn(page)));
    await page.close();
    assert.deepEqual(found, []);
    return '0 in 4 states';
  },
  'the console has no error and no warning': async () => {
    const own = complaints.filter((text) => !/Failed to load resource|net::ERR_/.test(text));
    assert.deepEqual(own, []);
  },
};

await checkCapabilities({
  page: 'angular',
  folder,
  packages: ['@angular/core', '@angular/build', '@angular/cli', 'typescript', 'rxjs', 'axe-core'],
  columns: ['result'],
  capabilities: Object.fromEntries(Object.entries(capabilities).map(([name, trial]) => [name, [trial]])),
});
await browser.close();
await app.stop();
await upstream.close();
process.exit();
