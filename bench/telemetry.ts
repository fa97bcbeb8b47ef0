/**
 * What telemetry costs, beside a prediction's own time: where nobody listens, and with one listener.
 *
 * Where nobody listens it is measured twice: what is done then, alone, which is exact and leaves out what it does to
 * the rest; and as the difference to the same engine with all telemetry cut out of its sources, measured in turns
 * by several fresh processes. The latter goes along with the same comparison of two identical engines, since these
 * differ by as much as is looked for: what is below that is noise.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { of } from 'rxjs';
import { medianSorted, quantileSorted } from 'simple-statistics';
import { createTelemetry } from '../src/telemetry/telemetry.ts';

type Library = typeof import('../src/index.ts');

/** What one process finds of each kind of telemetry: the time of a prediction, in µs, and how much more that is. */
type Findings = Readonly<Record<string, { readonly micros: number; readonly more: number }>>;

/** What is looked for where nobody listens is small, and takes more of both. */
const PROCESSES = { unheard: 9, heard: 3 } as const;
const ROUNDS = { unheard: 600, heard: 150 } as const;
const BATCH = 50;
const root = fileURLToPath(new URL('..', import.meta.url));

/** The code of telemetry in the engine, and its replacement. Fails if the sources have changed. */
const cuts: Readonly<Record<string, readonly (readonly [code: RegExp, replacement: string])[]>> = {
  'src/engine/run.ts': [
    [/ {2}readonly notifier: PredictionNotifier \| undefined;\n/, ''],
    [/ {4}this\.notifier = notifierOf\(.*\);\n/, ''],
  ],
  'src/engine/conclude.ts': [
    [/const \{ notifier \} = run;\n {2}if \(notifier === undefined\) return/, 'return'],
    [/ {2}run\.notifier\?\.failed\(failure\);\n/, ''],
    [/const \{ notifier, ledger \} = run;\n {2}if \(notifier === undefined\) return/, 'return'],
  ],
  'src/engine/started-call.ts': [
    [/const \{ timeout, notifier \}/, 'const { timeout }'],
    [
      /if \(notifier === undefined\) this\.#subscribe\(\);\n {4}else \{[\s\S]*?\n {4}\}/,
      'this.#subscribe();',
    ],
    [/ *this\.#notify\(cancelled\);\n/, ''],
    [/ *this\.#notify\(settled\);\n/, ''],
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
        (text, [code, replacement]) => {
          if (!code.test(text)) throw new Error(`${source} has nothing like ${code}`);
          return text.replace(code, replacement);
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
  Record<
    Comparison,
    (whole: Library, cut: Library, models: (typeof modelsOf)[string], again: Library) => Ensembles
  >
> = {
  unheard: (whole, cut, models, again) => ({
    'without telemetry': cut.createEnsemble({ models: models(cut) }),
    'nobody listens': whole.createEnsemble({ models: models(whole) }),
    'without telemetry, bundled again: what the measurement can tell apart': again.createEnsemble({
      models: models(again),
    }),
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

const middle = (values: readonly number[]): number => medianSorted([...values].sort((a, b) => a - b));

/**
 * Measures ensembles in turns, and compares each turn with the one beside it, so that what disturbs the machine
 * disturbs all of them.
 */
const measure = async (ensembles: Ensembles, rounds: number): Promise<Findings> => {
  const tasks = Object.entries(ensembles);
  const times = new Map<string, number[]>(tasks.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Each of them comes first, in the middle and last equally often.
    const turn = round % tasks.length;
    const rotated = [...tasks.slice(turn), ...tasks.slice(0, turn)];
    for (const [name, { predict }] of round % 2 === 0 ? rotated : rotated.toReversed()) {
      const startedAtMs = performance.now();
      for (let call = 0; call < BATCH; call += 1) await predict('?');
      // The first rounds compile.
      if (round >= rounds / 4) times.get(name)?.push(((performance.now() - startedAtMs) * 1000) / BATCH);
    }
  }
  const [base = []] = times.values();
  return Object.fromEntries(
    Array.from(times, ([name, values]) => [
      name,
      {
        micros: middle(values),
        more: middle(values.map((time, round) => time / (base[round] ?? Number.NaN) - 1)),
      },
    ]),
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
  const own = middle(all.map((findings) => findings[base]?.micros ?? Number.NaN));
  console.log(`\n${kind}: a prediction takes ${own.toFixed(2)} µs, ${base}`);
  for (const name of others) {
    const shares = all.map((findings) => findings[name]?.more ?? Number.NaN).sort((a, b) => a - b);
    const [low = 0, half = 0, high = 0] = [0.25, 0.5, 0.75].map((share) => quantileSorted(shares, share));
    console.log(
      `  ${percent(half).padStart(9)} more  ${name} (${(half * own).toFixed(2)} µs; half of the processes: ${percent(low)} to ${percent(high)})`,
    );
  }
};

const isComparison = (name: string | undefined): name is Comparison => name === 'unheard' || name === 'heard';

/** What is done in a prediction by three models where nobody listens, alone: its time in µs. */
const aloneMicros = (): number => {
  const telemetry = createTelemetry('bench');
  const predictions = 2_000_000;
  let notified = 0;
  const pass = (): number => {
    const startedAtMs = performance.now();
    for (let prediction = 0; prediction < predictions; prediction += 1) {
      const run = { prediction, listeners: telemetry.currentListeners() };
      if (run.listeners !== undefined) notified += 1;
      for (let call = 0; call < texts.length; call += 1) {
        if (run.listeners !== undefined) notified += call;
        if (run.listeners !== undefined) notified -= call;
      }
      if (run.listeners !== undefined) notified += 1;
    }
    return ((performance.now() - startedAtMs) * 1000) / predictions;
  };
  pass();
  const micros = middle([pass(), pass(), pass(), pass(), pass()]);
  if (notified > 0) throw new Error('there are listeners');
  return micros;
};

const [comparison, kind = '', order = '', ...paths] = process.argv.slice(2);
if (isComparison(comparison)) {
  // Whichever is loaded first may be better off.
  const turn = Number(order) % paths.length;
  for (const path of [...paths.slice(turn), ...paths.slice(0, turn)]) await import(pathToFileURL(path).href);
  const [whole, cut, again] = await Promise.all(
    paths.map((path): Promise<Library> => import(pathToFileURL(path).href)),
  );
  const models = modelsOf[kind];
  if (models === undefined || whole === undefined || cut === undefined || again === undefined) {
    throw new Error('nothing to measure');
  }
  process.send?.(await measure(comparisons[comparison](whole, cut, models, again), ROUNDS[comparison]));
} else {
  const folder = mkdtempSync(`${tmpdir()}/bench-telemetry-`);
  try {
    const bundles = ['whole', 'cut', 'again'].map((name) => `${folder}/${name}.mjs`);
    for (const path of bundles) await bundle(path, path.endsWith('whole.mjs') ? [] : [withoutTelemetry]);
    console.log(
      `what is done where nobody listens, alone: ${(1000 * aloneMicros()).toFixed(1)} ns a prediction`,
    );
    for (const each of ['unheard', 'heard'] as const) {
      for (const models of Object.keys(modelsOf)) {
        const all: Findings[] = [];
        for (let index = 0; index < PROCESSES[each]; index += 1) {
          all.push(await findingsOf(each, models, String(index), ...bundles));
        }
        report(models, all);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
