import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { closest } from '../../domain/closest.ts';
import { given } from '../../domain/given.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { Model } from '../../domain/model.ts';
import { plainName, shownPath } from '../../domain/quoting.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import { createEnsemble } from '../../ensemble.ts';
import { refuse, shown, suchThat } from '../../options.ts';
import { printable } from '../../rendering/printable.ts';
import { type ApiKey, createCallers } from '../../server/create-callers.ts';
import { createEnsembleHandler, type EnsembleHandlerOptions } from '../../server/create-ensemble-handler.ts';
import type { ServableEnsemble } from '../../server/serve-prediction.ts';
import type { CommandContext } from '../cli-context.ts';
import { beside } from '../ensemble-file/beside.ts';
import { collectFaults, type OnFault } from '../ensemble-file/config-value.ts';
import { fileModels } from '../ensemble-file/file-models.ts';
import { readEnsemble, unknownField } from '../ensemble-file/load-ensemble.ts';
import { called, importFile } from '../ensemble-file/module-file.ts';
import { readObject } from '../ensemble-file/object-file.ts';
import { publishedPrices } from '../panel.ts';

/** The server of a configuration file. */
export interface LoadedServer {
  readonly options: Omit<EnsembleHandlerOptions, 'callers'>;
  readonly keys: readonly ApiKey[];
  /** The file that keeps what each key has spent. */
  readonly spendPath?: string;
  readonly host?: string;
  readonly port?: number;
  /** The readers of the metrics: the owners of keys, or everyone. Absent if they are not served. */
  readonly metrics?: true | 'public';
  /** Whether spans are exported. */
  readonly traces?: true;
  /** What `--check` says besides faults. */
  readonly remarks: readonly string[];
}

export const serverLimits = [
  'concurrency',
  'maxQueued',
  'deadlineMs',
  'maxBodyBytes',
  'maxDepth',
  'bodyTimeoutMs',
  'keepAliveMs',
] as const;

/** The number of a port; 0 for any that is free. */
export const portNumber = suchThat(
  'an integer from 0 to 65535',
  (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
);

/** The fields of a configuration file. */
export const serverFields: readonly string[] = [
  '$schema',
  'names',
  'ensembles',
  'choices',
  'keys',
  'spendFile',
  'host',
  'port',
  'origins',
  'page',
  'alerts',
  'webhook',
  'webhookEnv',
  'metrics',
  'traces',
  ...serverLimits,
];

/**
 * Loads the configuration of a server: JSON, YAML, or a module whose default export is an object with the same fields, or a
 * function that returns one. The ensembles of a module are those of `createEnsemble`. Paths are relative to the file.
 *
 * @throws {ConfigError} that lists every fault at once, each with its place in the file.
 */
export const loadServer = async (path: string, context: ServerContext): Promise<LoadedServer> => {
  const isModule = /\.[cm]?[jt]s$/.test(path);
  const file = isModule ? await readModule(path) : await readObject(path, ', or a module, .ts or .js');
  const faults: string[] = [];
  const onFault: OnFault = (place, fault) => faults.push(`${shownPath(path)}: ${place}: ${fault}`);
  for (const field of Object.keys(file))
    if (!serverFields.includes(field)) onFault(plainName(field), unknownField(field, serverFields));
  const remarks: string[] = [];
  const { ensembles, choices } = isModule
    ? (file as Pick<EnsembleHandlerOptions, 'ensembles' | 'choices'>)
    : await readEnsembles(file, path, { ...context, onFault, remarks });
  const keys = context.ignoresKeys === true ? [] : readKeys(file.keys, context.env, onFault);
  const { spendFile, host, port, metrics, traces } = file;
  if (spendFile !== undefined && typeof spendFile !== 'string')
    onFault('spendFile', `expected the path of a file, but got ${shown(spendFile)}`);
  if (host !== undefined && typeof host !== 'string')
    onFault('host', `expected the name or the address of a host, but got ${shown(host)}`);
  const portExpected = port === undefined ? undefined : portNumber(port);
  if (portExpected !== undefined) onFault('port', `expected ${portExpected}, but got ${shown(port)}`);
  const webhook = readWebhook(file, context.env, onFault);
  if (metrics !== undefined && typeof metrics !== 'boolean' && metrics !== 'public')
    onFault('metrics', `expected true, false or "public", but got ${shown(metrics)}`);
  if (traces !== undefined && typeof traces !== 'boolean')
    onFault('traces', `expected true or false, but got ${shown(traces)}`);
  const {
    page = true,
    alerts,
    origins,
  } = file as Pick<EnsembleHandlerOptions, 'page' | 'alerts' | 'origins'>;
  const options = {
    ensembles,
    page,
    ...given({ alerts, webhook, choices, origins }),
    ...given(Object.fromEntries(serverLimits.map((name) => [name, file[name]]))),
  };
  const spendPath = typeof spendFile === 'string' ? beside(path, spendFile) : undefined;
  if (spendPath !== undefined && !existsSync(dirname(spendPath)))
    onFault('spendFile', `there is no folder ${shownPath(dirname(spendPath))}`);
  if (context.ignoresKeys !== true) namesFaults(keys, page, ensembles, onFault);
  const found = new Set(faults);
  for (const fault of [
    ...faultsOfMaking(() => keys.length > 0 && createCallers({ keys })),
    ...(isRecord(ensembles) && Object.keys(ensembles).length > 0
      ? faultsOfMaking(() => void createEnsembleHandler(options).close())
      : []),
  ])
    found.add(`${shownPath(path)}: ${fault.replace(/^create\w+: (?:option )?/, '')}`);
  refuse([...found]);
  return {
    options,
    keys,
    remarks,
    ...given({
      spendPath,
      host: host as string | undefined,
      port: port as number | undefined,
      metrics: metrics === false ? undefined : (metrics as true | 'public' | undefined),
      traces: traces === true ? traces : undefined,
    }),
  };
};

/** The faults that a factory finds. */
const faultsOfMaking = (make: () => unknown): readonly string[] => {
  const faults: string[] = [];
  collectFaults((_place, fault) => faults.push(fault), '', make);
  return faults;
};

/** Names of ensembles and of keys that there are not. */
const namesFaults = (
  keys: readonly ApiKey[],
  page: EnsembleHandlerOptions['page'],
  ensembles: unknown,
  onFault: OnFault,
): void => {
  const known = isRecord(ensembles) ? Object.keys(ensembles) : [];
  keys.forEach(({ ensembles: asked }, index) => {
    for (const name of Array.isArray(asked) ? asked : [])
      if (!known.includes(name))
        onFault(`keys[${index}].ensembles`, `there is no ensemble ${plainName(name)}`);
  });
  const operators = isRecord(page) ? page.operators : undefined;
  for (const name of Array.isArray(operators) ? operators : [])
    if (!keys.some((key) => key.name === name))
      onFault('page.operators', `there is no key with the name ${plainName(name)}`);
};

interface ServerContext extends Pick<CommandContext, 'env' | 'errors'> {
  /** Whether clients need no keys, because they start the program themselves. */
  readonly ignoresKeys?: boolean;
}

const readModule = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
  const { default: exported } = await importFile(path);
  const file = typeof exported === 'function' ? await called(path, exported as () => unknown) : exported;
  refuse(
    isRecord(file)
      ? []
      : [
          `${shownPath(path)}: expected an object with "ensembles" as the default export, but got ${shown(file)}`,
        ],
  );
  return file as Readonly<Record<string, unknown>>;
};

interface EnsemblesContext extends ServerContext {
  readonly onFault: OnFault;
  readonly remarks: string[];
}

/** Reads the ensembles, and the models of those whose requests may choose among them. */
const readEnsembles = async (
  { ensembles, names, choices = [] }: Readonly<Record<string, unknown>>,
  path: string,
  { env, errors, onFault, remarks }: EnsemblesContext,
): Promise<Pick<EnsembleHandlerOptions, 'ensembles' | 'choices'>> => {
  if (!isRecord(ensembles) || Object.keys(ensembles).length === 0) {
    onFault('ensembles', `expected an object with at least one ensemble, but got ${shown(ensembles)}`);
    return { ensembles: {} };
  }
  const onWarning = (warning: string): void => errors.print(printable(warning));
  const models = fileModels({ env, pricing: await publishedPrices(), names, onWarning });
  if (!Array.isArray(choices))
    onFault('choices', `expected a list of names of ensembles, but got ${shown(choices)}`);
  const chosen = new Set<unknown>(Array.isArray(choices) ? choices : []);
  for (const name of chosen)
    if (!(typeof name === 'string' && Object.hasOwn(ensembles, name)))
      onFault('choices', `there is no ensemble ${plainName(name)}${meantBy(name, Object.keys(ensembles))}`);
  const choosable = new Map<string, readonly Model[]>();
  const entries = Object.entries(ensembles).map(([name, object]) => {
    const place = `ensembles.${plainName(name)}`;
    if (!isRecord(object)) {
      onFault(place, `expected an object with the options of an ensemble, but got ${shown(object)}`);
      return [name, undefined] as const;
    }
    const options = readEnsemble(object, { place, folder: dirname(path), models, onFault });
    if (options.grouping === undefined && options.decide === undefined && options.normalization === undefined)
      remarks.push(
        `${place}: without "grouping", "decide" or "normalization" only equal texts are one vote; for chats, write "grouping": "byContent" and a judge`,
      );
    const made = { name, ...given({ pricing: models.pricing() }), ...options } as EnsembleOptions;
    if (chosen.has(name) && Array.isArray(made.models)) choosable.set(name, made.models);
    return [name, collectFaults(onFault, place, () => createEnsemble(made))] as const;
  });
  return {
    ensembles: Object.fromEntries(entries) as Readonly<Record<string, ServableEnsemble>>,
    choices: Object.fromEntries(choosable),
  };
};

const meantBy = (name: unknown, names: readonly string[]): string => {
  const meant = typeof name === 'string' ? closest(name, names) : undefined;
  return meant === undefined ? '' : `; did you mean ${plainName(meant)}?`;
};

/** Reads the keys. The file has the name of an environment variable, or a digest, in place of a key. */
const readKeys = (keys: unknown, env: CommandContext['env'], onFault: OnFault): readonly ApiKey[] => {
  if (keys === undefined) return [];
  if (!Array.isArray(keys)) {
    onFault('keys', `expected a list, but got ${shown(keys)}`);
    return [];
  }
  return keys.flatMap((given: unknown, index) => {
    const place = `keys[${index}]`;
    if (!isRecord(given)) {
      onFault(place, `expected { name, keyEnv }, but got ${shown(given)}`);
      return [];
    }
    const { keyEnv, ...key } = given;
    if (keyEnv === undefined) return [key as unknown as ApiKey];
    // Secrets that are mounted from files often end with a line break, which no header can carry.
    const value = typeof keyEnv === 'string' ? env[keyEnv]?.trim() : undefined;
    if (value === undefined || value === '') {
      onFault(`${place}.keyEnv`, `the environment variable ${plainName(keyEnv)} is not set`);
      return [];
    }
    if (key.sha256 !== undefined) onFault(place, '"keyEnv" and "sha256" exclude each other; remove one');
    return [{ ...key, sha256: createHash('sha256').update(value).digest('hex') } as unknown as ApiKey];
  });
};

/** Reads the URL of the webhook. It is often a secret, so that the file may have the name of an environment variable. */
const readWebhook = (
  { webhook, webhookEnv }: Readonly<Record<string, unknown>>,
  env: CommandContext['env'],
  onFault: OnFault,
): string | undefined => {
  if (webhookEnv === undefined) return webhook as string | undefined;
  if (webhook !== undefined)
    onFault('webhookEnv', '"webhook" and "webhookEnv" exclude each other; remove one');
  const value = typeof webhookEnv === 'string' ? env[webhookEnv] : undefined;
  if (value === undefined || value === '')
    onFault('webhookEnv', `the environment variable ${plainName(webhookEnv)} is not set`);
  return value;
};
