import { createEnsemble, defineModel, type Model } from '../../src/index.ts';

const saying = (id: string, text: string): Model => defineModel(id, () => ({ text, costUsd: 0.01 }));

let asked = 0;
let aborted = 0;

/** How many calls of the panel `slow` began, and how many were aborted. */
export const slowCalls = (): { readonly asked: number; readonly aborted: number } => ({ asked, aborted });

const slow = defineModel(
  'slow',
  (_question, { signal }) =>
    new Promise<string>((_resolve, reject) => {
      asked += 1;
      signal.addEventListener('abort', () => {
        aborted += 1;
        process.stderr.write('aborted\n');
        reject(signal.reason);
      });
    }),
);
const dead = defineModel('dead', () => {
  throw new Error('down');
});

let release = (): void => undefined;
const gated = defineModel(
  'c',
  () =>
    new Promise<string>((resolve) => {
      release = () => resolve('5');
    }),
);
const gate = defineModel('gate', () => {
  release();
  return 'open';
});

/** The panels that the tests ask. */
export const ensembles = {
  panel: createEnsemble({
    models: [saying('a', 'It is 4.'), saying('b', '4'), saying('c', '5')],
    normalization: 'numeric',
  }),
  slow: createEnsemble({ models: [slow] }),
  dead: createEnsemble({ models: [dead] }),
  /** Its last vote comes when the panel `gate` is asked. */
  gated: createEnsemble({
    models: [saying('a', '4'), saying('b', '4'), gated],
    normalization: 'numeric',
  }),
  gate: createEnsemble({ models: [gate] }),
};

// biome-ignore lint/style/noDefaultExport: it is a configuration of the command line
export default { ensembles };
