/** Runs the checks of one part of the consumer, and prints the result as one line of JSON. */
import process from 'node:process';
import type { Part, PartResult } from './checks.ts';

const failures: string[] = [];
let passed = 0;
const { checks } = (await import(`./${process.argv[2]}.ts`)) as Part;
for (const [name, run] of Object.entries(checks)) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
const result: PartResult = { passed, failures };
console.log(JSON.stringify(result));
// What a failed check has left open does not keep the process alive.
process.exit(failures.length > 0 ? 1 : 0);
