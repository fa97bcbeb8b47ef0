import { readFileSync } from 'node:fs';
import { type InstalledFolder, installed as installedFolder } from '../on-demand.ts';

/** The packages of `versions.json`. */
export const versions: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('versions.json', import.meta.url), 'utf8'),
);

/** Installs the clients and hosts, unless they are there. Returns their folder. */
export const installClients = (): InstalledFolder =>
  installedFolder({ name: 'clients', packages: versions, scripted: ['bun', 'deno'] });

/** Loads a module of an installed package. */
export const installed = async <Module>(name: string): Promise<Module> => installClients().load<Module>(name);
