import manifest from '../../package.json' with { type: 'json' };

/** An exported function. */
export interface Exported {
  readonly name: string;
  /** The golden file of its entry, which has the names of its options. */
  readonly report: string;
  readonly call: (...given: unknown[]) => unknown;
  readonly isClass: boolean;
}

/** Functions that write files where a text says so: called with other values only. */
export const takesPaths: ReadonlySet<string> = new Set([
  'openJournal',
  'exportToCsv',
  'exportFineTuning',
  'readDataset',
]);

/** Returns the functions of all entries, those of namespaces such as `stop` included. */
export const exportedFunctions = async (): Promise<Exported[]> => {
  const found = new Map<string, Exported>();
  for (const [subpath, entry] of Object.entries(manifest.exports)) {
    if (typeof entry === 'string') continue;
    const report = `${subpath === '.' ? manifest.name : subpath.slice(2)}.api.md`;
    const module: object = await import(
      new URL(`../../src/${entry.default.replace('./dist/', '').replace(/\.js$/, '.ts')}`, import.meta.url)
        .href
    );
    const add = (prefix: string, record: object): void => {
      for (const [key, value] of Object.entries(record)) {
        const name = `${prefix}${key}`;
        if (typeof value === 'function') {
          const isClass = /^class\b/.test(Function.prototype.toString.call(value));
          const call = isClass ? (...given: unknown[]) => Reflect.construct(value, given) : value;
          if (!found.has(name)) found.set(name, { name, report, call, isClass });
        } else if (prefix === '' && Object.prototype.toString.call(value) === '[object Module]')
          add(`${key}.`, value);
      }
    };
    add('', module);
  }
  return [...found.values()];
};

/** Functions that open a socket whatever they are given. */
export const opensSockets: ReadonlySet<string> = new Set(['startFaultServer']);
