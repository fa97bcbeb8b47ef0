import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Check, type CheckContext, type CheckResult, miss } from '../../domain/check.ts';
import { asPromise, returned } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import { checked, ofType, reading, refuse, required, suchThat } from '../../options.ts';
import { HARNESS } from './harness.ts';
import { aFileName, type ProgramOptions, programSpecs, withoutNode } from './program-options.ts';
import { checkOfCode, lastLineOf, limitReached, runCode } from './run-code.ts';

/** How many tests of a command passed. */
export interface TestCount {
  readonly passed: number;
  readonly total: number;
}

/** Options of {@link unitTests}. */
export interface UnitTestsOptions extends ProgramOptions {
  /**
   * The tests: the text of a module that imports the code from `./code.mjs`, with `node:test`, `node:assert`, or both. A function
   * returns those of a question, also as a promise.
   */
  readonly tests: string | ((context: CheckContext) => string | PromiseLike<string>);
  /** The name of the file with the tests. Default `tests.mjs`. */
  readonly testsFile?: string;
  /** Reads from the output of a `command` how many tests passed. Default: all if it exits with 0. */
  readonly count?: (output: string) => TestCount;
}

/**
 * Returns a check that runs the code of an answer against tests, so that only answers count that pass them. **This is no sandbox**:
 * JavaScript runs in a process of its own under `node --permission`, without access to files, children or the environment, but
 * it may use the network. Run what you do not trust by a `command` of a sandbox, such as `docker run`.
 *
 * The process is ended at the limits of time, memory and output, and as soon as another answer has won; its process group is
 * killed. At most one program for each core runs at the same time. An answer that is ended costs the prediction nothing but
 * that answer.
 *
 * The reason of an answer that fails names its first failed test. If none passes, `nearestMiss` of the error is the answer with the
 * most tests passed. What would pass by accident is refused: no code, no tests, and tests that run no assertion of `node:assert`. With
 * a `command`, set `count` for both.
 *
 * Costs no calls. In an experiment a check has no time, so that this one refuses every answer there.
 *
 * @throws {ConfigError} for invalid options, and on Bun and Deno without a `command`.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, firstAnswer } from 'crucible-ensemble';
 * import { codeIn } from 'crucible-ensemble/checks';
 * import { unitTests } from 'crucible-ensemble/node';
 *
 * const tests = `
 *   import test from 'node:test';
 *   import assert from 'node:assert/strict';
 *   import { add } from './code.mjs';
 *   test('adds', () => assert.equal(add(2, 3), 5));
 * `;
 * const ensemble = createEnsemble({
 *   models: ['a - b', 'a + b'].map((body, index) =>
 *     defineModel(`model-${index}`, () => `export const add = (a, b) => ${body};`),
 *   ),
 *   normalization: codeIn,
 *   check: unitTests({ tests }),
 *   earlyStop: firstAnswer(),
 *   minResponses: 1,
 * });
 * (await ensemble.predict('Write add(a, b) as a JavaScript module.')).answer; // => 'export const add = (a, b) => a + b;'
 * ```
 */
export const unitTests = (options: UnitTestsOptions): Check =>
  reading('unitTests', () => {
    const { tests, testsFile, count, code, file, command, env, ...limits } = checked('unitTests', options, {
      ...programSpecs,
      tests: required(
        suchThat(
          'the text of tests, or a function that returns it',
          (value) => typeof value === 'function' || isTests(value),
        ),
      ),
      testsFile: [aFileName, 'tests.mjs'],
      count: ofType('function'),
    });
    refuse([
      ...withoutNode('unitTests', command),
      ...(count !== undefined && command === undefined
        ? ['unitTests: option "count" has no effect without option "command": leave it out']
        : []),
      ...(file === testsFile ? ['unitTests: options "file" and "testsFile" must differ'] : []),
    ]);
    return checkOfCode('unitTests', code, async (text, context): Promise<CheckResult> => {
      const source: unknown = typeof tests === 'function' ? await asPromise(() => tests(context)) : tests;
      if (!isTests(source)) return 'unitTests got no tests for this question: correct option "tests"';
      // The code must not know it before the tests have ended.
      const word = randomBytes(16).toString('hex');
      const end = await runCode({
        files: { [file]: text, [testsFile]: source, ...(command === undefined && { [RUNNER]: HARNESS }) },
        limits,
        options: given({ command, env }),
        signal: context.signal,
        own: (folder) => ({
          args: [
            `--max-old-space-size=${limits.memoryMb}`,
            '--disable-warning=ExperimentalWarning',
            join(folder, RUNNER),
          ],
          input: JSON.stringify({
            word,
            code: pathToFileURL(join(folder, file)).href,
            tests: pathToFileURL(join(folder, testsFile)).href,
          }),
        }),
      });
      const limit = limitReached('unitTests', end, limits);
      if (limit !== undefined) return miss(limit, 0);
      if (command === undefined) return verdictOn(reportIn(end.report, word), end);
      if (count !== undefined) return verdictOf(returned(count(end.output), aCount), lastLineOf(end.output));
      return end.code === 0 || miss(`the tests ended with ${end.code}: ${lastLineOf(end.output)}`, 0);
    });
  });

const RUNNER = 'crucible-ensemble-runner.mjs';

const isTests = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** What the harness reports. */
interface Report {
  /** Why the code could not be loaded. */
  readonly unloaded?: string;
  readonly assertions: number;
  readonly results: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly message: string;
  }[];
}

const reportIn = (written: string, word: string): Report | undefined => {
  const line = written.split('\n').find((each) => each.startsWith(word));
  return line === undefined ? undefined : (JSON.parse(line.slice(word.length)) as Report);
};

const verdictOn = (
  report: Report | undefined,
  { code, output }: { readonly code: number | string; readonly output: string },
): CheckResult => {
  if (report === undefined) return miss(`the program ended before its tests did${endOf(code, output)}`, 0);
  const { unloaded, assertions, results } = report;
  if (unloaded !== undefined) return miss(`the code cannot be loaded: ${unloaded}`, 0);
  const passed = results.filter((result) => result.passed).length;
  const failed = results.find((result) => !result.passed);
  if (failed === undefined && results.length === 0) return 'no test ran: an answer would pass by accident';
  if (failed === undefined && assertions === 0)
    return 'no assertion of node:assert ran: an answer would pass by accident';
  return verdictOf(
    { passed, total: results.length },
    failed === undefined ? '' : `"${failed.name}" failed: ${failed.message.replaceAll(/\s+/g, ' ').trim()}`,
  );
};

/** How a program ended without a report. */
const endOf = (code: number | string, output: string): string => {
  if (/unsettled top-level await/.test(output)) return ': a top-level `await` waits for what never comes';
  const said = lastLineOf(output);
  return `${typeof code === 'number' ? `, with the exit code ${code}` : `, by ${code}`}${said === '' ? '' : `: ${said}`}`;
};

const verdictOf = ({ passed, total }: TestCount, why: string): CheckResult => {
  if (total === 0) return 'no test ran: an answer would pass by accident';
  if (passed >= total) return true;
  return miss(`${passed} of ${total} tests passed${why === '' ? '' : `; ${why}`}`, passed / total);
};

/** Expects how many tests passed. */
const aCount = (value: unknown): string | undefined => {
  const { passed, total } = (isObject(value) ? value : {}) as Partial<TestCount>;
  return Number.isSafeInteger(passed) &&
    Number.isSafeInteger(total) &&
    (passed as number) >= 0 &&
    (passed as number) <= (total as number)
    ? undefined
    : '{ passed, total }, two whole numbers';
};
