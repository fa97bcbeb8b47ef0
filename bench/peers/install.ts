import { readFileSync } from 'node:fs';
import { onDemand } from '../../scripts/on-demand.ts';

const folder = onDemand({
  name: 'bench-peers',
  packages: JSON.parse(readFileSync(new URL('versions.json', import.meta.url), 'utf8')),
});

/** Whether the libraries of `versions.json` are there: without a network they are not. */
export const areInstalled = folder !== undefined;

/** Loads a module of the installed libraries. */
export const peer = async <Module>(name: string): Promise<Module> => {
  if (folder === undefined) throw new Error('the libraries are not installed');
  return folder.load<Module>(name);
};
