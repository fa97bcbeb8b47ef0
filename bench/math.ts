/**
 * What `math` makes of recorded answers of real models, beside `numeric` and text: how many it reads right, how many it does not
 * read, how many are wrong, what votes of three panels come to, and how many pairs of right answers are one vote. Then what
 * hostile texts cost. Exits with 1 if it falls short of what docs/normalizers/math.md promises. Takes the folder of the
 * recordings as its argument; by default `../shared/data`.
 */
import { resolve } from 'node:path';
import { hostileCosts } from './math/hostile-costs.ts';
import { readings } from './math/readings.ts';

const faults = [...readings(resolve(process.argv[2] ?? '../shared/data')), ...hostileCosts()];
for (const fault of faults) console.error(`\n${fault}`);
if (faults.length > 0) process.exitCode = 1;
