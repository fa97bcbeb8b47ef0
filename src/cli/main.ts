import process from 'node:process';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

const interrupted = new AbortController();
/** The exit codes after a signal: 128 plus its number, as in shells. */
const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;
let interruptedCode: number = exitCodes.interrupted;
for (const [name, code] of Object.entries(codes)) {
  // The listener is never removed: without one, a library that restores the cursor would end the process.
  process.on(name, () => {
    if (interrupted.signal.aborted) process.exit(code);
    interruptedCode = code;
    interrupted.abort();
  });
}

// Without a timer or a socket, Node ends a process whose promises are pending, with exit code 0.
const unfinished = (): void => {
  process.stderr.write(
    'crucible-ensemble: the command did not finish: it waits for a promise that never settles, probably in the module of the experiment or in one of its models; settle it, or give calls a "timeoutMs"\n',
  );
  process.exitCode = exitCodes.failure;
};
process.once('beforeExit', unfinished);

const { stdin, stdout, stderr, env } = process;
const code = await run({
  argv: process.argv.slice(2),
  stdin,
  stdout,
  stderr,
  env,
  signal: interrupted.signal,
});
process.exitCode = code === exitCodes.interrupted ? interruptedCode : code;
process.off('beforeExit', unfinished);
