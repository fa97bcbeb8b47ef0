/** Makes predictions one after the other, and nothing else: `repeat.ts <task> <times>`. For a profiler that counts. */
import { argv } from 'node:process';
import { tasks } from './tasks.ts';

const [name = '', times] = argv.slice(2);
const task = (tasks as Readonly<Record<string, () => Promise<unknown>>>)[name];
if (task === undefined) throw new Error(`there is no task "${name}"`);
for (let time = 0; time < Number(times); time += 1) await task();
