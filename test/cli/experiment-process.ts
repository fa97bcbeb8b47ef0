/**
 * A program that runs an experiment with a journal, and prints every written entry and every trial. Its arguments are the
 * path of the journal, the address of an OpenAI-compatible server, and the number of questions.
 */
import { writeSync } from 'node:fs';
import { type Journal, runExperiment } from '../../src/experiment/experiment.ts';
import { openJournal } from '../../src/node/file-journal.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const [path = '', baseURL = '', count = '0'] = process.argv.slice(2);

/** Writes synchronously, because buffered output would be lost with the process, although it was acknowledged. */
const print = (...words: readonly unknown[]): void => {
  writeSync(1, `${words.join(' ')}\n`);
};

const dataset = Array.from({ length: Number(count) }, (_, index) => ({
  id: `q${index}`,
  question: `What is ${index} + ${index}?`,
  expected: 2 * index,
}));
const [left, right] = [openaiCompatible('left', { baseURL }), openaiCompatible('right', { baseURL })];
const conditions = {
  both: { models: [left, right], normalization: 'numeric' as const },
  cascade: { models: [right, left], normalization: 'numeric' as const, execution: 'cascade' as const },
};

try {
  const opened = await openJournal(path);
  print('open');
  const journal: Journal = {
    get: opened.get,
    entries: opened.entries,
    close: opened.close,
    get count() {
      return opened.count;
    },
    async append(entry) {
      await opened.append(entry);
      print('written', entry.status, entry.key);
    },
  };
  for await (const { question, condition, score } of runExperiment({
    dataset,
    conditions,
    journal,
    concurrency: 8,
  })) {
    print('trial', question.id, condition, score);
  }
  await journal.close();
  print('done');
} catch (error) {
  print(error instanceof Error ? `${error.name}: ${error.message}` : 'no error');
  process.exitCode = 3;
}
