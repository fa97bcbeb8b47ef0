import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = new URL('../..', import.meta.url);

/** The packages that are imported, directly and indirectly, when a file of this package is. */
export const importedBy = (path: string): string[] => {
  const script = `
    import { registerHooks } from 'node:module';
    const names = new Set();
    registerHooks({
      resolve(name, context, next) {
        names.add(name);
        return next(name, context);
      },
    });
    await import(${JSON.stringify(new URL(path, root).href)});
    console.log(JSON.stringify([...names].filter((name) => !/^(?:node:|file:|\\.)/.test(name))));
  `;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(root),
  });
  return JSON.parse(child.stdout.toString()) as string[];
};
