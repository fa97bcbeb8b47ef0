import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { concatMap, delay, endWith, from, NEVER, Observable, of, throwError, timer } from 'rxjs';
import type { Server } from 'srvx';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, type Model } from '../../../src/index.ts';
import {
  createCallers,
  type EnsembleHandler,
  type EnsembleHandlerOptions,
} from '../../../src/server/server.ts';
import { EXECUTABLE, isHere, launched } from '../../chromium.ts';
import { post } from '../post.ts';
import { servedAtPort } from './browser.ts';

if (!isHere) console.info(`${EXECUTABLE} is not there: the live page is not opened in a browser`);

const AXE = `${fileURLToPath(new URL('../../../temp/axe/', import.meta.url))}node_modules/axe-core/axe.min.js`;
const hasAxe = existsSync(AXE);
if (isHere && !hasAxe)
  console.info('axe-core is not there: npm install --prefix temp/axe axe-core lets it check the live page');

const folder = fileURLToPath(new URL('../../../temp/live-page/', import.meta.url));

const HOSTILE = '<img src=x onerror="document.title=1"></script><script>document.title=2</script>\u202eevil';

/** Writes its text word by word. */
const writing = (id: string, text: string, wordMs: number): Model => ({
  id,
  call: () =>
    from(text.split(/(?<= )/)).pipe(
      concatMap((word) => of({ delta: word }).pipe(delay(wordMs))),
      endWith({ text, costUsd: 0.0021 }),
    ),
});

let aborted = 0;
const silent = (id: string): Model => ({
  id,
  call: () =>
    new Observable((subscriber) => {
      const waiting = NEVER.subscribe(subscriber);
      return () => {
        aborted += 1;
        waiting.unsubscribe();
      };
    }),
});
const broken = defineModel('broken', () =>
  timer(30).pipe(concatMap(() => throwError(() => new Error('the model is down')))),
);

const ensembles = {
  panel: createEnsemble({
    models: [
      writing('fast', 'It is Paris', 5),
      writing('medium', 'It is Paris', 40),
      writing('slow', 'It is Lyon', 80),
      broken,
    ],
  }),
  hostile: createEnsemble({
    models: [writing('a <b>bold</b> model', HOSTILE, 1), defineModel('b', () => HOSTILE)],
  }),
  stuck: createEnsemble({ models: [silent('silent'), writing('quick', 'Yes', 1)] }),
  long: createEnsemble({
    models: [
      writing('wordy', `${'A long answer in many words. '.repeat(60)}`, 0),
      defineModel('terse', () => 'x'.repeat(400)),
    ],
  }),
};

/** Serves a handler at a port of the loopback interface. */
const listening = (options: Partial<EnsembleHandlerOptions>) =>
  servedAtPort({ ensembles, page: { content: true }, ...options });

const screens = [
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const;

describe.runIf(isHere)('the live page in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  let handler: EnsembleHandler;
  let server: Server;
  let url: string;
  const complaints: string[] = [];
  const hooked: string[] = [];
  const hook = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += String(piece);
    });
    request.on('end', () => {
      hooked.push(body);
      response.setHeader('connection', 'close').end();
    });
  });
  const ask = async (ensemble: string, question: string): Promise<void> => {
    await page.selectOption('#ensemble', ensemble);
    await page.fill('#question', question);
    await page.press('#question', 'Enter');
  };
  const status = (text: string | RegExp): Promise<void> =>
    page.locator('#status').filter({ hasText: text }).waitFor();

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launched();
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints.length = 0;
    hooked.length = 0;
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const address = hook.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    ({ handler, server, url } = await listening({
      alerts: [{ failingMember: 0.5, last: 1 }],
      webhook: `http://127.0.0.1:${port}/`,
    }));
    page = await opened(url);
    await page.locator('#ensemble option').first().waitFor({ state: 'attached' });
  });
  afterEach(async () => {
    await page.close();
    await handler.close({ graceMs: 0 });
    await server.close(true);
    await new Promise((resolve) => hook.close(resolve));
    expect(complaints).toEqual([]);
  });
  const opened = async (at: string): Promise<Page> => {
    const tab = await browser.newPage();
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('request', (request) => {
      if (!request.url().startsWith(at) && !request.url().startsWith('data:'))
        complaints.push(`asked for ${request.url()}`);
    });
    await tab.goto(at);
    return tab;
  };

  it('shows members that wait, write, vote and fail, the votes, and why the answer won', async () => {
    await page.evaluate(() => {
      const seen = { states: new Set<string>(), meters: new Set<string>() };
      Reflect.set(globalThis, 'seen', seen);
      const look = (): void => {
        for (const item of document.querySelectorAll<HTMLElement>('#calls li'))
          seen.states.add(`${item.querySelector('h4')?.textContent} ${item.dataset.state}`);
        const meters = [...document.querySelectorAll<HTMLMeterElement>('#tally meter')];
        seen.meters.add(meters.map(({ value, max }) => `${value}/${max}`).join(' '));
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await ask('panel', 'What is the capital of France?');
    await status('Done');
    const states = await page
      .locator('#calls li')
      .evaluateAll((items) =>
        items.map((item) => [item.querySelector('h4')?.textContent, (item as HTMLElement).dataset.state]),
      );
    expect(states).toEqual([
      ['fast', 'voted'],
      ['medium', 'voted'],
      ['slow', 'voted'],
      ['broken', 'failed'],
    ]);
    const seen = await page.evaluate(() => {
      const { states: all, meters } = Reflect.get(globalThis, 'seen') as Record<string, Set<string>>;
      return {
        states: [...(all ?? [])].filter((state) => state.startsWith('slow')),
        meters: [...(meters ?? [])],
      };
    });
    expect(seen.states).toEqual(['slow waiting', 'slow writing', 'slow voted']);
    const moves = seen.meters.filter(Boolean);
    expect(moves.length).toBeGreaterThan(1);
    expect(moves.at(-1)).toBe('2/3 1/3');
    expect(await page.textContent('#answer')).toBe('It is Paris');
    const meters = await page
      .locator('#tally meter')
      .evaluateAll((all) =>
        all.map((meter) => [(meter as HTMLMeterElement).value, (meter as HTMLMeterElement).max]),
      );
    expect(meters).toEqual([
      [2, 3],
      [1, 3],
    ]);
    expect(await page.textContent('#reasons')).toContain('with 2 of 3 votes');
    expect(await page.textContent('#facts')).toMatch(/Consensus67 %Cost.*\$0\.00.*Time/);
  });

  it('shows the prediction in the lists, raises the alert, and sends it', async () => {
    await ask('panel', 'What is the capital of France?');
    await status('Done');
    await page.locator('#recent tbody', { hasText: 'capital of France' }).waitFor();
    expect(await page.locator('#members tbody tr').count()).toBe(4);
    expect(await page.textContent('#spending')).toMatch(/\d{4}-\d\d-\d\d/);
    expect(await page.textContent('#alert-list')).toContain('broken in panel failed');
    await expect.poll(() => hooked.length).toBe(1);
    expect(hooked[0]).not.toContain('France');
  });

  it('stops by the keyboard, and closes the calls', async () => {
    const before = aborted;
    await ask('stuck', 'Will it end?');
    await page.locator('#calls li[data-state=voted]').waitFor();
    expect(await page.locator('#calls li[data-state=waiting]').count()).toBe(1);
    await page.focus('#question');
    for (let steps = 0; steps < 5 && !(await page.locator('#stop:focus').count()); steps += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await status('No answer: stopped');
    await expect.poll(() => aborted).toBe(before + 1);
    expect(await page.locator('#calls li[data-state=cancelled]').count()).toBe(1);
    await page
      .locator('#recent tbody', { hasText: 'CancelledError' })
      .or(page.locator('#recent .bad'))
      .first()
      .waitFor();
  });

  it('shows hostile answers as text', async () => {
    const title = await page.title();
    await ask('hostile', '</textarea><b>');
    await status('Done');
    await page.locator('#recent tbody', { hasText: '</textarea>' }).waitFor();
    expect(await page.textContent('#answer')).toBe(HOSTILE.replace('\u202e', '\ufffd'));
    expect(await page.title()).toBe(title);
    expect(await page.locator('main img, main script, main h4 b').count()).toBe(0);
  });

  it('sends files with the question', async () => {
    const seen: unknown[] = [];
    const watching = handler.events$.subscribe((event) => {
      if (event.type === 'begin') seen.push(event.served.query.messages[0]?.content);
    });
    await page.setInputFiles('#files', [
      { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from([137, 80, 78, 71]) },
      { name: 'b.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') },
    ]);
    await ask('panel', 'What is this?');
    await status(/Done|No answer/);
    await page.setInputFiles('#files', []);
    watching.unsubscribe();
    expect(seen).toEqual([
      [
        { type: 'text', text: 'What is this?' },
        { type: 'image', image: 'iVBORw==', mediaType: 'image/png' },
        { type: 'file', data: 'JVBERi0xLjc=', mediaType: 'application/pdf', filename: 'b.pdf' },
      ],
    ]);
  });

  it('stays usable at a hundred predictions a second', async () => {
    const quick = createEnsemble({
      models: [defineModel('one', () => 'yes'), defineModel('two', () => 'no')],
    });
    const other = await listening({ ensembles: { quick } });
    const busy = await opened(other.url);
    await busy.locator('#watch').waitFor();
    for (let turn = 0; turn < 30; turn += 1) {
      await Promise.all(
        Array.from({ length: 10 }, () =>
          other.handler.fetch(post('/v1/predictions', { model: 'quick', query: 'Yes or no?' })),
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 90));
    }
    await busy.locator('#now', { hasText: '300 predictions' }).waitFor();
    expect(await busy.locator('#recent tbody tr').count()).toBe(50);
    await busy.close();
    await other.handler.close({ graceMs: 0 });
    await other.server.close(true);
  });

  it('asks for a key, keeps it in the tab, and hides from it what others do', async () => {
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from('key-of-ann'));
    const callers = createCallers({ keys: [{ name: 'ann', sha256: Buffer.from(digest).toString('hex') }] });
    const other = await listening({ callers });
    const guarded = await browser.newPage();
    await guarded.goto(other.url);
    await guarded.locator('#key-form').waitFor();
    await guarded.fill('#key', 'key-of-ann');
    await guarded.press('#key', 'Enter');
    await guarded.locator('#no-watch').waitFor();
    await guarded.fill('#question', 'Where?');
    await guarded.press('#question', 'Enter');
    await guarded.locator('#status', { hasText: 'Done' }).waitFor();
    expect(await guarded.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
    await guarded.close();
    await other.handler.close({ graceMs: 0 });
    await other.server.close(true);
  });

  it.each(screens)('fits a screen of %i px, %s, without barriers', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    for (const [ensemble, question] of [
      ['panel', 'What is the capital of France?'],
      ['long', 'Tell me everything about it, at length.'],
    ] as const) {
      await ask(ensemble, question);
      await status('Done');
      await page.screenshot({ path: `${folder}${ensemble}-${width}-${colorScheme}.png`, fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      if (!hasAxe) continue;
      await page.evaluate(readFileSync(AXE, 'utf8'));
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const { violations: found } = await axe.run();
        return found.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
      });
      expect(violations).toEqual([]);
    }
  });
});
