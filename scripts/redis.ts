/** A server of Redis for checks: the one that is installed, or that of the packages of Debian, unpacked into `temp/redis`. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../temp/redis/', import.meta.url));
const PACKAGES = ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'libatomic1'];

/** A running server. */
export interface Redis {
  readonly url: string;
  readonly version: string;
  readonly close: () => Promise<void>;
}

const succeeds = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { cwd: folder, stdio: 'ignore', timeout: 120_000 }).status === 0;

/** The program, if it is installed or can be downloaded. */
const program = (): string | undefined => {
  mkdirSync(folder, { recursive: true });
  if (succeeds('redis-server', '--version')) return 'redis-server';
  const unpacked = `${folder}root/usr/bin/redis-server`;
  if (existsSync(unpacked)) return unpacked;
  if (!succeeds('apt-get', 'download', ...PACKAGES)) return undefined;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb')))
    if (!succeeds('dpkg', '-x', file, 'root')) return undefined;
  return existsSync(unpacked) ? unpacked : undefined;
};

const libraries = (): string => {
  const parent = `${folder}root/usr/lib/`;
  return existsSync(parent)
    ? readdirSync(parent)
        .map((name) => `${parent}${name}`)
        .join(':')
    : '';
};

const printed = async (child: ChildProcess, text: string): Promise<void> => {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    if (output.includes(text)) return;
  }
  throw new Error(`redis-server ended: ${output}`);
};

/** Starts a server that keeps nothing on disk. Returns `undefined` if there is no program. */
export const startRedis = async (port: number): Promise<Redis | undefined> => {
  const command = program();
  if (command === undefined) return undefined;
  const env = { ...process.env, LD_LIBRARY_PATH: libraries() };
  const { stdout } = spawnSync(command, ['--version'], { env, encoding: 'utf8' });
  const child = spawn(command, ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  await printed(child, 'Ready to accept connections');
  return {
    url: `redis://127.0.0.1:${port}`,
    version: /v=(\S+)/.exec(stdout)?.[1] ?? 'unknown',
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
};
