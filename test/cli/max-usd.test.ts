import { describe, expect, it } from 'vitest';
import { experimentOf, file, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

/** A model of a server that no test starts. */
const server = (others: object = {}) => ({ model: 'any', baseURL: 'http://127.0.0.1:9/v1', ...others });

describe('run --max-usd', () => {
  it('stops before it spends more, says what was done, and goes on with a higher limit', async () => {
    const path = experimentOf();
    const first = await runCommand(['run', path, '--max-usd', '0.1', '--json']);
    const { account, stopped } = tableOf(first.stdout);
    expect(first.code).toBe(1);
    expect(account.spentUsd).toBeGreaterThan(0.08);
    expect(account.spentUsd).toBeLessThanOrEqual(0.1);
    expect(account.questions).toBeLessThan(20);
    expect(stopped).toMatchObject({
      name: 'SpendingLimitError',
      summary: `stopped early after ${account.questions} of 20 questions`,
    });
    expect(first.stderr).toMatch(
      /^crucible-ensemble: the limit of \$0\.10 is reached: \$0\.\d+ is spent, and a call of "large" may cost \$0\.01\. .*run it again to continue: the other calls are recorded$/m,
    );
    expect(first.stderr.split('\n').filter((line) => line.startsWith('crucible-ensemble: '))).toHaveLength(1);
    const second = await runCommand(['run', path, '--max-usd', '5', '--json']);
    expect(second.code).toBe(0);
    expect(tableOf(second.stdout).account).toMatchObject({ questions: 20, recalled: account.calls });
    expect(tableOf(second.stdout).account.calls + account.calls).toBe(40);
  });

  it('comes before the limit in the file', async () => {
    const path = experimentOf({ ...file, budget: { maxUsd: 0.05, maxOutputTokens: 100 } });
    const { code, stdout } = await runCommand(['run', path, '--json']);
    expect({ code, stopped: tableOf(stdout).stopped.name }).toEqual({
      code: 1,
      stopped: 'SpendingLimitError',
    });
    expect((await runCommand(['run', path, '--max-usd', '5'])).code).toBe(0);
  });

  it('needs the price of every model, before a call', async () => {
    const path = experimentOf({ ...file, models: [server({ id: 'mine' })], conditions: { all: {} } });
    const { code, stderr } = await runCommand(['run', path, '--max-usd', '1']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      '--max-usd needs the price of every model, but that of "mine" is unknown: state it as "price" of the model in the experiment, or remove --max-usd',
    );
  });

  it.each(['rescore', 'report', 'tune'])('is no option of %s, which makes no calls', async (command) => {
    const { code, stderr } = await runCommand([command, experimentOf(), '--max-usd', '1']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('unknown option --max-usd'),
    });
  });

  it.each(['0', '-1', 'much'])('is an amount: %s is refused', async (amount) => {
    const { code, stderr } = await runCommand(['run', experimentOf(), `--max-usd=${amount}`]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('--max-usd must be a number of USD above 0'),
    });
  });
});

describe('the policies in an experiment file', () => {
  it('apply to the calls of all conditions', async () => {
    const failing = { simulated: { id: 'failing', accuracy: 1, failureRate: 1 } };
    const conditions = {
      all: { normalization: 'numeric' },
      again: { normalization: 'numeric', strategy: 'unanimous' },
    };
    const accountOf = async (others: object) => {
      const path = experimentOf({ ...file, models: [failing], conditions, concurrency: 1, ...others });
      return tableOf((await runCommand(['run', path, '--json'])).stdout).account;
    };
    expect(await accountOf({})).toMatchObject({ calls: 20, failures: 20, unsent: 0 });
    const circuitBreaker = { minimumCalls: 4, failureRatio: 0.5 };
    expect(await accountOf({ circuitBreaker })).toMatchObject({ calls: 4, failures: 4, unsent: 16 });
  });

  it.each([
    [{ retry: 3 }, 'options: option "retry" must be true, options of retry, or a policy, but got 3'],
    [{ rateLimit: 0 }, 'rateLimit: option "requestsPerMinute" must be'],
    [{ budget: { maxUsd: 0, maxOutputTokens: 1 } }, 'budget: spendingCap: option "maxUsd" must be'],
    [{ budget: { maxUsd: 1 } }, 'the most that a call of model "small" can cost is unknown'],
    [{ retries: true }, 'retries: there is no such field; did you mean "retry"?'],
    [
      { conditions: { small: { retry: true } } },
      'condition "small": option "retry" applies to real calls, which all conditions share; write "retry" at the top of the file',
    ],
    [
      { conditions: { small: { concurrency: 2 } } },
      'option "concurrency" applies to real calls, which all conditions share; write "providerConcurrency" at the top of the file',
    ],
  ])('are checked before a call: %j', async (others, message) => {
    const { code, stderr } = await runCommand(['run', experimentOf({ ...file, ...others })]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
