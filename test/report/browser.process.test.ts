import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/report.ts';
import { EXECUTABLE, isHere, launched } from '../chromium.ts';
import { hostileReport, wideReport } from './hostile-report.ts';

const folder = new URL('../../temp/report/', import.meta.url);
if (!isHere) console.info(`${EXECUTABLE} is not there: the report is not opened in a browser`);

const screens = [
  ['wide', 1280, 'light'],
  ['wide', 1280, 'dark'],
  ['phone', 390, 'light'],
  ['phone', 390, 'dark'],
] as const;

/** The papers with their widths and heights, in millimetres. */
const papers = [
  ['A4', 210, 297],
  ['Letter', 215.9, 279.4],
] as const;

/** The margin of a page in the styles. */
const MARGIN_MM = 15;

describe.runIf(isHere)('a report in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const file = new URL('report.html', folder);
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, htmlReport(await hostileReport()));
    browser = await launched();
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

  it.each(
    [hostileReport, wideReport].flatMap((report) =>
      papers.map(([paper, widthMm, heightMm]) => [report.name, paper, widthMm, heightMm, report] as const),
    ),
  )('cuts no column of a table in print: %s on %s', async (name, paper, widthMm, heightMm, report) => {
    const printed = new URL(`${name}.html`, folder);
    writeFileSync(printed, htmlReport(await report()));
    const sheet = await browser.newPage();
    await sheet.goto(printed.href);
    // A reader with dark colours prints on white paper, too.
    await sheet.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const [width, height] = [widthMm, heightMm].map((mm) => Math.floor(((mm - 2 * MARGIN_MM) / 25.4) * 96));
    await sheet.setViewportSize({ width: width ?? 0, height: height ?? 0 });
    const seen = await sheet.evaluate(() => {
      const tables = [...document.querySelectorAll('table')];
      const cells = tables.flatMap((table) => [...table.querySelectorAll('th, td')]);
      // The box of the text itself, because a text may stick out of its cell.
      const edges = cells.map((cell) => {
        const text = document.createRange();
        text.selectNodeContents(cell);
        return {
          text: cell.textContent,
          right: text.getBoundingClientRect().right,
          left: text.getBoundingClientRect().left,
        };
      });
      const overlapping = tables.flatMap((table) =>
        [...table.rows].flatMap((row) =>
          [...row.cells]
            .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
            .map((cell) => cell.textContent),
        ),
      );
      return {
        tables: tables.length,
        columns: tables[0]?.rows[0]?.cells.length ?? 0,
        cut: edges.filter(({ right, left }) => right > window.innerWidth || left < 0),
        overlapping,
        pageWidth: document.documentElement.scrollWidth,
        ground: getComputedStyle(document.body).backgroundColor,
        lines: getComputedStyle(document.documentElement).getPropertyValue('--series-1').trim(),
      };
    });
    await sheet.pdf({ path: new URL(`${name}-${paper}.pdf`, folder).pathname, format: paper });
    await sheet.close();
    expect(seen).toMatchObject({
      cut: [],
      overlapping: [],
      pageWidth: width,
      ground: 'rgb(255, 255, 255)',
      lines: '#2563b0',
    });
    expect(seen.tables).toBeGreaterThanOrEqual(4);
    expect(seen.columns).toBeGreaterThanOrEqual(name === 'wideReport' ? 13 : 11);
  });
});
