/**
 * What telemetry costs, as shares of a prediction's own time: where nobody listens, and with one listener.
 *
 * Where nobody listens, that is the difference to the same engine without telemetry: the sources are bundled
 * twice, as they are, and with what watches cut out of them. Both are measured side by side, in turns, by a
 * number of fresh processes, since two compilations of the very same code differ by more than what is looked for.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { of } from 'rxjs';
import { medianSorted, quantileSorted } from 'simple-statistics';

type Library = typeof import('../src/index.ts');

/** What one process finds: the time of a prediction with each kind of telemetry, in µs. */
type Findings = Readonly<Record<string, number>>;

/** What is looked for where nobody listens is small, and takes more of both. */
const PROCESSES = { unheard: 16, heard: 4 } as const;
const ROUNDS = { unheard: 600, heard: 200 } as const;
const BATCH = 50;
const root = fileURLToPath(new URL('..', import.meta.url));

/** What watches, and what is there in its place without telemetry. Fails where the sources say it otherwise. */
const cuts: Readonly<Record<string, readonly (readonly [what: RegExp, instead: string])[]>> = {
  'src/run.ts': [
    [/ {2}const audience = telemetry[\s\S]*? {2}watch\?\.began\(.*\);\n/, ''],
    [/ {4}watch,\n {2}\};\n/, '  };\n'],
    [/ {4}watch,\n/, ''],
    [/, watch, \(\) => from/, ', undefined, () => from'],
    [/const \{ watch \} = run;\n {2}if \(watch === undefined\) return/, 'return'],
  ],
  'src/call.ts': [
    [/const \{ deadline, watch \}/, 'const { deadline }'],
    [/if \(watch === undefined\) this\.#subscribe\(\);\n {4}else \{[\s\S]*?\n {4}\}/, 'this.#subscribe();'],
    [/ *this\.#tell\(cancelled\);\n/, ''],
    [/ *this\.#tell\(settled\);\n/, ''],
  ],
  'src/ensemble.ts': [
    [
      /deliver\(run, subscriber, \(target\) =>\n\s*holdElection\(\n(\s*run\.outcomes\$,\n\s*run,\n\s*)target,([\s\S]*?\n {8}\)),\n {6}\);/,
      'holdElection(\n$1subscriber,$2;',
    ],
  ],
};

const withoutTelemetry: Plugin = {
  name: 'without telemetry',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const found = Object.entries(cuts).find(([source]) => path === `${root}${source}`);
      if (found === undefined) return undefined;
      const [source, replacements] = found;
      const contents = replacements.reduce(
        (text, [what, instead]) => {
          if (!what.test(text)) throw new Error(`${source} has nothing like ${what}`);
          return text.replace(what, instead);
        },
        readFileSync(path, 'utf8'),
      );
      return { contents, loader: 'ts' };
    });
  },
};

const bundle = async (outfile: string, plugins: Plugin[]): Promise<void> => {
  await build({ entryPoints: [`${root}src/index.ts`], bundle: true, format: 'esm', outfile, plugins });
};

const texts = ['Paris', 'Paris', 'Lyon'];

const modelsOf: Readonly<
  Record<string, (library: Library) => Parameters<Library['createEnsemble']>[0]['models']>
> = {
  'models that answer within subscribe': () =>
    texts.map((text, index) => ({ id: `model-${index}`, call: () => of({ text }) })),
  'models that return a promise': ({ defineModel }) =>
    texts.map((text, index) => defineModel(`model-${index}`, async () => text)),
};

type Comparison = keyof typeof PROCESSES;

type Ensembles = Readonly<Record<string, ReturnType<Library['createEnsemble']>>>;

const ignore = (): void => undefined;

/** What is compared in one process; the first is what the others are compared with. */
const comparisons: Readonly<
  Record<Comparison, (whole: Library, cut: Library, models: (typeof modelsOf)[string]) => Ensembles>
> = {
  unheard: (whole, cut, models) => ({
    'without telemetry': cut.createEnsemble({ models: models(cut) }),
    'nobody listens': whole.createEnsemble({ models: models(whole) }),
  }),
  heard: (whole, _cut, models) => {
    const ensembleOf = () => whole.createEnsemble({ models: models(whole) });
    const [subscribed, handled, logged, debugged] = [ensembleOf(), ensembleOf(), ensembleOf(), ensembleOf()];
    subscribed.events$.subscribe(ignore);
    whole.attachHandlers(handled, { 'model:stop': ignore, 'predict:stop': ignore });
    const logger = { info: ignore, warn: ignore, error: ignore };
    whole.attachLogger(logged, logger);
    whole.attachLogger(debugged, { ...logger, debug: ignore });
    return {
      'nobody listens': ensembleOf(),
      'a subscriber of events$': subscribed,
      'two handlers': handled,
      'a logger, one line a prediction': logged,
      'a logger, a line for each of 10 events': debugged,
    };
  },
};

/** Measures ensembles in turns, so that what disturbs the machine disturbs all of them. */
const measure = async (ensembles: Ensembles, rounds: number): Promise<Findings> => {
  const tasks = Object.entries(ensembles);
  const times = new Map<string, number[]>(tasks.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { predict }] of round % 2 === 0 ? tasks : tasks.toReversed()) {
      const startedAtMs = performance.now();
      for (let call = 0; call < BATCH; call += 1) await predict('?');
      // The first rounds compile.
      if (round >= rounds / 4) times.get(name)?.push(((performance.now() - startedAtMs) * 1000) / BATCH);
    }
  }
  return Object.fromEntries(
    Array.from(times, ([name, values]) => [name, medianSorted(values.sort((a, b) => a - b))]),
  );
};

/** A fresh process's findings. */
const findingsOf = (...parameters: readonly string[]): Promise<Findings> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [...parameters]);
    child.on('message', resolve);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`a process ended with ${code}`)));
  });

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const report = (kind: string, all: readonly Findings[]): void => {
  const [base = '', ...others] = Object.keys(all[0] ?? {});
  const timesOf = (name: string): number[] => all.map((findings) => findings[name] ?? Number.NaN);
  const own = medianSorted(timesOf(base).sort((a, b) => a - b));
  console.log(`\n${kind}: a prediction takes ${own.toFixed(2)} µs, ${base}`);
  for (const name of others) {
    const shares = timesOf(name)
      .map((time, index) => time / (all[index]?.[base] ?? Number.NaN) - 1)
      .sort((a, b) => a - b);
    const [low, middle = 0, high] = [0.25, 0.5, 0.75].map((share) => quantileSorted(shares, share));
    console.log(
      `  ${percent(middle).padStart(9)} more  ${name} (${(middle * own).toFixed(2)} µs; half of the processes: ${percent(low ?? 0)} to ${percent(high ?? 0)})`,
    );
  }
};

const isComparison = (name: string | undefined): name is Comparison => name === 'unheard' || name === 'heard';

const [comparison, kind = '', whole, cut, order] = process.argv.slice(2);
if (isComparison(comparison) && whole !== undefined && cut !== undefined) {
  const load = (path: string): Promise<Library> => import(pathToFileURL(path).href);
  // Whichever is loaded first may be better off.
  if (order === 'cut first') await load(cut);
  const models = modelsOf[kind];
  if (models === undefined) throw new Error('nothing to measure');
  const ensembles = comparisons[comparison](await load(whole), await load(cut), models);
  process.send?.(await measure(ensembles, ROUNDS[comparison]));
} else {
  const folder = mkdtempSync(`${tmpdir()}/bench-telemetry-`);
  try {
    const paths = [`${folder}/whole.mjs`, `${folder}/cut.mjs`] as const;
    await bundle(paths[0], []);
    await bundle(paths[1], [withoutTelemetry]);
    for (const each of ['unheard', 'heard'] as const) {
      for (const models of Object.keys(modelsOf)) {
        const all: Findings[] = [];
        for (let index = 0; index < PROCESSES[each]; index += 1) {
          all.push(await findingsOf(each, models, ...paths, index % 2 === 0 ? 'whole first' : 'cut first'));
        }
        report(models, all);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
