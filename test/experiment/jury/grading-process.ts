/** Grades the answers with the served graders, with a journal, and prints each verdict: `node … journal baseURL`. */
import { gradeAll, journaled, jury } from '../../../src/experiment/experiment.ts';
import { openJournal } from '../../../src/node/file-journal.ts';
import { answers, GRADERS, graderOf, pricing } from './served-graders.ts';

const [path = '', baseURL = ''] = process.argv.slice(2);
const journal = await openJournal(path, { onNotice: () => undefined });
const members = GRADERS.map((id) => journaled({ journal })(graderOf(id, baseURL)));
const panel = jury({ members, scale: { from: 1, to: 9, within: 1 } });
for await (const { item, grade } of gradeAll(panel, answers, { pricing, concurrency: 4 }))
  process.stdout.write(`${item.id} ${grade}\n`);
await journal.close();
process.stdout.write('done\n');
