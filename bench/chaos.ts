/**
 * A soak under faults, over real sockets: `node bench/chaos.ts [predictions] [seed]`. Prints what happened, and ends
 * with 1 if an account does not add up, a cap is passed, or something is left behind.
 */
import { holdCaps, passedCaps } from './chaos/hold-caps.ts';
import { soak } from './chaos/soak.ts';

const [predictions = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const { figures, violations } = await soak({ predictions, seed });
const held = await holdCaps(200);
violations.push(...passedCaps(held));

console.log(`chaos, seed ${seed}`);
for (const [name, value] of Object.entries(figures)) {
  console.log(`  ${value.toLocaleString('en').padStart(10)}  ${name}`);
}
console.log('caps of $1, 200 predictions of three attempts for each kind of broken reply');
for (const { kind, requests, billedUsd, countedUsd } of held) {
  console.log(
    `  ${requests} requests, billed $${billedUsd.toFixed(4)}, counted $${countedUsd.toFixed(4)}: ${kind}`,
  );
}
console.log(`  ${String(violations.length).padStart(10)}  violations`);
for (const violation of violations.slice(0, 20)) console.log(`              ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;
