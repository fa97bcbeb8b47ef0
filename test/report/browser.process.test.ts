import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/report.ts';
import { hostileReport } from './hostile-report.ts';

const EXECUTABLE = '/usr/bin/chromium';
const folder = new URL('../../temp/report/', import.meta.url);
const isHere = existsSync(EXECUTABLE);
if (!isHere) console.info(`${EXECUTABLE} is not there: the report is not opened in a browser`);

const screens = [
  ['wide', 1280, 'light'],
  ['wide', 1280, 'dark'],
  ['phone', 390, 'light'],
  ['phone', 390, 'dark'],
] as const;

describe.runIf(isHere)('a report in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const file = new URL('report.html', folder);
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, htmlReport(await hostileReport()));
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-sync',
      ],
    });
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file.pathname).href) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(file.href);
    await page.locator('details').evaluateAll((all) => {
      for (const details of all) (details as HTMLDetailsElement).open = true;
    });
  }, 60_000);
  afterAll(() => browser.close());

  it.each(screens)(
    'draws every chart without an error on a screen that is %s: %i px, %s',
    async (_, width, colorScheme) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const seen = await page.evaluate(() => {
        const charts = [...document.querySelectorAll('figure > svg')].map((svg) => {
          const { width: across, height: down } = svg.getBoundingClientRect();
          const drawn = [...svg.querySelectorAll('circle, path, rect')].filter((mark) => {
            const box = mark.getBoundingClientRect();
            return box.width + box.height > 0;
          });
          return { across, down, marks: drawn.length };
        });
        return {
          charts,
          pageWidth: document.documentElement.scrollWidth,
          hasRun: 'ran' in window,
          ground: getComputedStyle(document.body).backgroundColor,
        };
      });
      await page.screenshot({ path: new URL(`${width}-${colorScheme}.png`, folder).pathname });
      expect(complaints).toStrictEqual([]);
      expect(seen.hasRun).toBe(false);
      expect(seen.charts).toHaveLength(7);
      for (const { across, down, marks } of seen.charts) {
        expect(across).toBeGreaterThan(200);
        expect(down).toBeGreaterThan(150);
        expect(marks).toBeGreaterThan(5);
      }
      expect(seen.pageWidth).toBe(width);
      expect(seen.ground).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 24, 29)');
    },
  );
});
