import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { concat, delay, ignoreElements, type Observable, of, throwError, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as errors from '../../src/domain/errors.ts';
import { internal } from '../../src/domain/internal.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  InvalidRequestError,
  type Model,
  type ModelDelta,
  type ModelResponse,
  ProviderError,
  RateLimitError,
} from '../../src/index.ts';
import * as policies from '../../src/policies/policies.ts';

/*
 * The tables under "Behavior" in docs/policies, executed. A diagram is read a millisecond a character;
 * docs/policies/README.md has the legend.
 */

const HEADER = '| event | calls | results | requests | action |';
const ROW = /^\| (?<what>[^|]+) \| `(?<calls>[^`]+)` \| `(?<results>[^`]+)` \| (?<asked>\d+) \| .+ \|$/;

/** How long the ensemble gives a call in these tables. */
const CALL_MS = 20;

const pages = fileURLToPath(new URL('../../docs/policies', import.meta.url));

interface Row {
  readonly what: string;
  readonly calls: string;
  readonly results: string;
  readonly asked: number;
}

/** The tables of a page, each with the code that stands before it. */
const tablesOf = (page: string): { readonly code: string; readonly rows: readonly Row[] }[] => {
  const lines = readFileSync(`${pages}/${page}`, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line !== HEADER) return [];
    const code = /`([^`]+)`[^`]*$/.exec(lines.slice(0, index).findLast((before) => before !== '') ?? '')?.[1];
    const length = lines.slice(index + 2).findIndex((after) => !after.startsWith('|'));
    const rows = lines.slice(index + 2, index + 2 + length).map((text) => {
      const { what = '', calls = '', results = '', asked } = ROW.exec(text)?.groups ?? {};
      if (asked === undefined) throw new Error(`${page}: this row cannot be read: ${text}`);
      return { what, calls, results, asked: Number(asked) };
    });
    return [{ code: code ?? '', rows }];
  });
};

const failures: Readonly<Record<string, unknown>> = {
  x: new ProviderError('a', 'down', { isRetryable: true }),
  i: new InvalidRequestError('a', 'no'),
  r: new RateLimitError('a', 'slow down', { isRetryable: true, retryAfterMs: 5 }),
  w: new RateLimitError('a', 'slow down', { isRetryable: true, retryAfterMs: 30 }),
  t: new TypeError('bug'),
};

const letters: Readonly<Record<string, string>> = {
  ProviderError: 'x',
  InvalidRequestError: 'i',
  RateLimitError: 'r',
  TypeError: 't',
  TimeoutError: 'T',
  CircuitOpenError: 'C',
  BudgetExceededError: 'B',
  MalformedResponseError: 'M',
  ReplayMissError: 'R',
  ModelError: 'F',
};

type Output = ModelResponse | ModelDelta;

/** What a model does, by its diagram. */
const said = (diagram: string): Observable<Output> => {
  const parts = [...diagram].map((character): Observable<Output> => {
    if (character === '-') return timer(1).pipe(ignoreElements()) as Observable<never>;
    if (character === 'd') return concat(of({ delta: '4' }), timer(1).pipe(ignoreElements()));
    if (character === '4') return of({ text: '4', usage: { inputTokens: 0, outputTokens: 2 } });
    if (character === 'l') return of({ text: 'Well,', finishReason: 'length' });
    if (character === 'o') return of({ text: ' \n' });
    if (character === '.') return of();
    if (character === '!' || character === 'e') return of({ delta: '' }).pipe(delay(1e9));
    if (character in failures) return throwError(() => failures[character]);
    throw new Error(`no part of a diagram: ${character}`);
  });
  return concat(...parts);
};

/** Where a request says what its model is to do in each attempt; no part of what is asked. */
const script = Symbol('script');

interface Scripted extends ModelRequest {
  readonly [script]: string[];
}

const letterOf = (output: Output): string => {
  if ('delta' in output) return 'd';
  if (output.finishReason === 'length') return 'l';
  if (output.text.trim() === '') return 'o';
  return output.cached === undefined ? '4' : 'h';
};

/** One call, and what came of it as a diagram. */
const makeCall = (model: Model, call: string): { result: () => string; isOver: () => boolean } => {
  const [, question = '1', turns = ''] = /^(?:(\d):)?(.+)$/.exec(call) ?? [];
  const startedAtMs = performance.now();
  const heard: { readonly atMs: number; readonly letter: string }[] = [];
  const hear = (letter: string) => heard.push({ atMs: performance.now() - startedAtMs, letter });
  const account = {
    prediction: {},
    hasExpired: false,
    isExtra: false,
    acceptsUnfinished: false,
    remainingMs: () => startedAtMs + CALL_MS - performance.now(),
    attemptWaits: () => {},
    attemptPays: () => {},
    attemptFailed: () => {},
    attemptStarted: () => {},
    attemptSends: () => {},
    attemptCosts: () => {},
  };
  const request: Scripted = {
    ...toRequest(question),
    [script]: turns.split(','),
    [internal]: { attempts: account },
  };
  let hasAnswered = false;
  const subscription = model.call(request).subscribe({
    next: (output) => {
      if ('text' in output) hasAnswered = true;
      hear(letterOf(output));
    },
    error: (error: Error) => hear(letters[error.name] ?? error.name),
    complete: () => {
      if (!hasAnswered) hear('.');
    },
  });
  const end = /[!e]$/.exec(turns)?.[0];
  if (end !== undefined) {
    setTimeout(() => {
      if (subscription.closed) return;
      account.hasExpired = end === 'e';
      subscription.unsubscribe();
      hear(end);
    }, turns.replace(/[^-d]/g, '').length);
  }
  return {
    isOver: () => subscription.closed,
    result: () => {
      let diagram = '';
      let atMs = 0;
      for (const { atMs: heardAtMs, letter } of heard) {
        diagram += `${'-'.repeat(heardAtMs - atMs)}${letter}`;
        atMs = letter === 'd' ? heardAtMs + 1 : heardAtMs;
      }
      return diagram;
    },
  };
};

/** Makes calls one step after the other, and says what came of each, and how often the model was asked. */
const run = async (policy: (model: Model) => Model, calls: string) => {
  let asked = 0;
  const model = policy({
    id: 'a',
    call: (request) => {
      asked += 1;
      const turn = (request as Scripted)[script].shift();
      if (turn === undefined) throw new Error('asked more often than the table says');
      return said(turn);
    },
  });
  const results: string[] = [];
  for (const step of calls.split(' ')) {
    if (step.startsWith('+')) {
      await vi.advanceTimersByTimeAsync(Number(step));
      results.push(step);
      continue;
    }
    const out = step.split('&').map((call) => makeCall(model, call));
    for (let ms = 0; ms < 100 && !out.every(({ isOver }) => isOver()); ms += 1) {
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(out.every(({ isOver }) => isOver())).toBe(true);
    // What is kept or settled once a call has ended.
    await vi.advanceTimersByTimeAsync(0);
    results.push(out.map(({ result }) => result()).join('&'));
  }
  return { results: results.join(' '), asked };
};

/** Makes the policy that the page shows, or the model, for `fallback`. */
const made = (code: string): ((model: Model) => Model) => {
  const pricing = {
    priceOf: (_: unknown, { outputTokens = 0 }) => ({ usd: outputTokens / 10 }),
    countTokens: (text: string) => text.length,
  };
  const unpriced = { ...pricing, priceOf: () => undefined };
  const scope = { ...policies, ...errors, pricing, unpriced, store: new Map() };
  return new Function(
    ...Object.keys(scope),
    `return (${code.includes('model') ? '(model) => ' : ''}${code})`,
  )(...Object.values(scope));
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const documented = globSync('*.md', { cwd: pages }).toSorted();

describe.each(documented.filter((page) => tablesOf(page).length > 0))('%s', (page) => {
  for (const { code, rows } of tablesOf(page)) {
    it.each(rows)(`${code}: $what`, async ({ calls, results, asked }) => {
      expect(await run(made(code), calls)).toStrictEqual({ results, asked });
      expect(vi.getTimerCount()).toBe(0);
    });
  }
});

it('every policy that answers calls has a table', () => {
  const without = documented.filter((page) => tablesOf(page).length === 0);
  expect(without).toStrictEqual(['README.md', 'concurrency.md', 'rate-limit.md']);
});
