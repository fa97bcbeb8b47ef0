import process from 'node:process';
import { run } from './run.ts';

const interrupted = new AbortController();
// The listener is never removed: without one, a library that restores the cursor would end the process.
process.on('SIGINT', () => {
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort();
});

const { stdin, stdout, stderr, env } = process;
process.exitCode = await run({
  argv: process.argv.slice(2),
  stdin,
  stdout,
  stderr,
  env,
  signal: interrupted.signal,
});
