import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  CompilerState,
  ConsoleMessageId,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from '@microsoft/api-extractor';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../', import.meta.url));

/** Where to read the built package, and what to do with the reports. */
export interface ApiReportOptions {
  /** The folder of the built package. Default `dist`. */
  readonly dist?: string;
  /** Writes the golden files. Default `false`: compares with them. */
  readonly accepts?: boolean;
  /** Prints how a report differs from its golden file. Default `true`. */
  readonly printsDifferences?: boolean;
}

/** What the reports of all entries come to. */
export interface ApiReports {
  /** The entries, such as `crucible-ensemble/policies`. */
  readonly entries: readonly string[];
  /** The entries whose public API is not that of their golden file. */
  readonly differing: readonly string[];
  /** Symbols in the types of an entry which no entry exports, so that nobody can name them. */
  readonly forgotten: readonly string[];
}

const entries = Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
  typeof entry === 'string'
    ? []
    : [
        {
          name: manifest.name + subpath.slice(1),
          types: entry.types.replace('./dist/', ''),
          report: `${subpath === '.' ? manifest.name : subpath.slice(2)}.api.md`,
        },
      ],
);

/** Reports the public API of each entry of the package with API Extractor, by one compiler: 15 entries take 5 s. */
export const apiReports = ({
  dist = 'dist',
  accepts = false,
  printsDifferences = true,
}: ApiReportOptions = {}): ApiReports => {
  const configs = entries.map(({ types, report }) =>
    ExtractorConfig.prepare({
      configObject: {
        ...ExtractorConfig.loadFile(`${root}api-extractor.json`),
        projectFolder: root,
        mainEntryPointFilePath: `${root}${dist}/${types}`,
        apiReport: {
          enabled: true,
          reportFileName: report,
          reportFolder: `${root}etc/`,
          reportTempFolder: `${root}${dist}/../temp/api/`,
        },
      },
      configObjectFullPath: `${root}api-extractor.json`,
      packageJsonFullPath: `${root}package.json`,
    }),
  );
  const [first, ...others] = configs;
  if (first === undefined) throw new Error('package.json exports no entry with types');
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
  });
  const missing = new Map<string, string>();
  const differing = configs.flatMap((config, index) => {
    const { apiReportChanged } = Extractor.invoke(config, {
      compilerState,
      localBuild: accepts,
      printApiReportDiff: printsDifferences,
      messageCallback: (message) => {
        if (message.messageId === 'ae-forgotten-export') {
          const [, symbol = ''] = /The symbol "(\w+)"/.exec(message.text) ?? [];
          missing.set(symbol, entries[index]?.name ?? '');
        }
        hush(message);
      },
    });
    return apiReportChanged ? [entries[index]?.name ?? ''] : [];
  });
  const exported = new Set(
    configs.flatMap(({ reportTempFilePath }) => exportedNames(readFileSync(reportTempFilePath, 'utf8'))),
  );
  return {
    entries: entries.map(({ name }) => name),
    differing,
    forgotten: [...missing]
      .filter(([symbol]) => !exported.has(symbol))
      .map(([symbol, entry]) => `${symbol} (${entry})`),
  };
};

const exportedNames = (report: string): string[] =>
  [...report.matchAll(/^export (?:abstract |declare )?(?:class|const|function|interface|type) (\w+)/gm)].map(
    ([, name = '']) => name,
  );

/** Keeps the differences and the faults alone: an entry may use types that another entry exports. */
const hush = (message: ExtractorMessage): void => {
  const isSaidElsewhere =
    message.messageId === 'ae-forgotten-export' || message.messageId.startsWith('console-');
  if (isSaidElsewhere && message.messageId !== ConsoleMessageId.ApiReportDiff) {
    message.logLevel = ExtractorLogLevel.None;
  }
};
