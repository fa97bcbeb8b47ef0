import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { concat, concatMap, delay, of, throwError, timer } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, type Model, type ModelDelta } from '../../../src/index.ts';
import { createCallers } from '../../../src/server/server.ts';
import { EXECUTABLE, isHere, launched } from '../../chromium.ts';
import { hostileTexts } from '../../hostile-texts.ts';
import { servedAtPort } from './browser.ts';

if (!isHere) console.info(`${EXECUTABLE} is not there: no hostile text is opened in a browser`);

/** Characters that hide or reorder others. */
const HIDING = ['\u202e', '\u0000', '\u2028'];
const hides = (text: string): boolean => HIDING.some((character) => text.includes(character));

/** The beginning of a text as every place shows it: some write a character that hides others as an escape. */
const beginning = (text: string): string =>
  HIDING.reduce((all, character) => all.replaceAll(character, ''), text).slice(0, 20);

/** Writes a text and the reasoning before it in pieces. */
const writing = (id: string, text: string): Model => ({
  id,
  call: () =>
    concat(
      of<ModelDelta[]>({ kind: 'reasoning', delta: text }, { delta: text.slice(0, 7) }).pipe(
        concatMap((part) => of(part).pipe(delay(5))),
      ),
      of({ delta: text.slice(7) }),
      of({ text, costUsd: 0.01 }),
    ),
});

/** A server of which every name and every text is hostile. */
const hostileServer = (text: string) => {
  const error = Object.assign(new Error(text), { name: 'HostileError' });
  const models = [
    writing(`${text} 1`, text),
    writing(`${text} 2`, text),
    writing(`${text} 3`, `${text}!`),
    defineModel(`${text} broken`, () => timer(5).pipe(concatMap(() => throwError(() => error)))),
    defineModel(`${text} silent`, () => ({ text: 'out', costUsd: 0.01 })),
  ];
  const named = createEnsemble({
    name: text,
    models,
    check: (answer: unknown) => (answer === 'out' ? text : true),
  });
  const dead = createEnsemble({ name: text, models: models.slice(3, 4) });
  return servedAtPort({
    ensembles: { [text]: named, [`${text} dead`]: dead },
    callers: createCallers({
      keys: [
        { name: text, sha256: createHash('sha256').update('right').digest('hex'), budget: { maxUsd: 10 } },
      ],
    }),
    page: { content: true, operators: [text] },
    alerts: [
      { failingMember: 0.5, last: 1 },
      { lowConsensus: 1, last: 1 },
      { spendUsd: 0.001, key: text },
    ],
  });
};

describe.runIf(isHere)('hostile texts on the live page', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launched();
  }, 60_000);
  afterAll(() => browser.close());

  /** Opens a page, and collects what the browser complains about. */
  const opened = async (url: string): Promise<{ page: Page; complaints: string[] }> => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
        complaints.push(`asked for ${request.url()}`);
    });
    const response = await page.goto(url);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'nonce-[\w-]{20,}'/);
    expect(policy).toContain("require-trusted-types-for 'script'");
    return { page, complaints };
  };

  /** The elements and attributes of the page, and what ran. */
  const contentOf = (page: Page) =>
    page.evaluate(() => {
      const elements = [...document.querySelectorAll('*')];
      return {
        hasRun: 'ran' in window,
        title: document.title,
        tags: [...new Set(elements.map(({ localName }) => localName))].sort(),
        attributes: [...new Set(elements.flatMap((element) => element.getAttributeNames()))].sort(),
      };
    });

  const visit = async (text: string) => {
    const { url, handler, server } = await hostileServer(text);
    const { page, complaints } = await opened(url);
    const ask = async (ensemble: string, until: RegExp) => {
      await page.selectOption('#ensemble', ensemble);
      await page.setInputFiles('#files', [
        { name: text.replace(/[/\0]/g, '_'), mimeType: 'text/plain', buffer: Buffer.from(text) },
      ]);
      await page.fill('#question', text);
      await page.press('#question', 'Enter');
      await page.locator('#status', { hasText: until }).waitFor();
    };
    await page.locator('#key-form').waitFor();
    // A key that is wrong first, so that a refusal is shown, too.
    await page.fill('#key', text.replace(/[^\x20-\x7e]/g, ''));
    await page.press('#key', 'Enter');
    await page.locator('#key-form').waitFor();
    await page.fill('#key', 'right');
    await page.press('#key', 'Enter');
    await page.locator('#ensemble option').first().waitFor({ state: 'attached' });
    await ask(`${text} dead`, /No answer/);
    const failure = await page.textContent('#status');
    await ask(text, /^Done/);
    await page.locator('#recent tbody tr').nth(1).waitFor();
    const seen = {
      ...(await contentOf(page)),
      failure,
      texts: await page.evaluate(() =>
        Object.fromEntries(
          [
            'ensemble',
            'answer',
            'reasons',
            'tally',
            'calls',
            'recent',
            'members',
            'spending',
            'budgets',
            'alert-list',
            'question',
          ].map((id) => {
            const element = document.getElementById(id);
            return [
              id,
              element instanceof HTMLTextAreaElement ? element.value : (element?.textContent ?? ''),
            ];
          }),
        ),
      ),
      complaints: complaints.filter((line) => !/status of 401/.test(line)),
    };
    await page.close();
    await handler.close({ graceMs: 0 });
    await server.close(true);
    return seen;
  };

  it.each(hostileTexts.map((text) => [JSON.stringify(text), text]))(
    '%s is text everywhere',
    async (_, text) => {
      const plain = await visit('plain words');
      const seen = await visit(text);
      expect(seen.complaints).toEqual([]);
      expect(seen.hasRun).toBe(false);
      expect(seen.title).toBe('Ensembles');
      // A page with hostile texts consists of the same elements and attributes as one with harmless texts.
      expect(seen.tags).toEqual(plain.tags);
      expect(seen.attributes).toEqual(plain.attributes);
      expect(seen.attributes.filter((name) => name.startsWith('on'))).toEqual([]);
      const { question: asked, ...places } = seen.texts;
      expect(asked).toBe(text);
      for (const [place, content] of Object.entries(places)) {
        expect([place, content]).toEqual([place, expect.stringContaining(beginning(text))]);
        expect(hides(content)).toBe(false);
      }
      expect(hides(seen.failure ?? '')).toBe(false);
    },
  );

  it('markup that were written into the page would not run, and the browser would say so', async () => {
    const { url, handler, server } = await hostileServer('plain words');
    const { page, complaints } = await opened(url);
    const refused = await page.evaluate(() => {
      const script = document.createElement('script');
      document.body.append(script);
      const tries = [
        () => {
          document.body.innerHTML = '<img src=x onerror="window.ran = true">';
        },
        () => {
          script.text = 'window.ran = true';
        },
        () => document.body.setAttribute('onclick', 'window.ran = true'),
        () => document.write('<script>window.ran = true</script>'),
      ];
      return tries.map((attempt) => {
        try {
          attempt();
          return false;
        } catch {
          return true;
        }
      });
    });
    expect(refused.filter(Boolean).length).toBeGreaterThanOrEqual(3);
    await page.evaluate(() => document.body.click());
    expect((await contentOf(page)).hasRun).toBe(false);
    expect(complaints.join('\n')).toMatch(/Content Security Policy|TrustedHTML/);
    await page.close();
    await handler.close({ graceMs: 0 });
    await server.close(true);
  });
});
