/**
 * A soak under faults, over real sockets: `node bench/chaos.ts [predictions] [seed]`. Prints what happened, and ends
 * with 1 where an account does not add up or something is left behind.
 */
import { soak } from './chaos/soak.ts';

const [predictions = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const { figures, violations } = await soak({ predictions, seed });

console.log(`chaos, seed ${seed}`);
for (const [name, value] of Object.entries(figures)) {
  console.log(`  ${value.toLocaleString('en').padStart(10)}  ${name}`);
}
console.log(`  ${String(violations.length).padStart(10)}  violations`);
for (const violation of violations.slice(0, 20)) console.log(`              ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;
