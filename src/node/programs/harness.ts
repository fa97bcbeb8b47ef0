/**
 * The program that runs the tests of a code, under `node --permission`. It reads where they are, and a word that the code does not
 * know, from its input, and writes the word with the results to file descriptor 3: a code that ends the process, or
 * prints results of its own, has no results.
 */
export const HARNESS = `
import nodeAssert from 'node:assert';
import { readFileSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const exit = process.exit.bind(process);
const stringify = JSON.stringify;
const { word, code, tests } = JSON.parse(readFileSync(0, 'utf8'));

// The folder has a random name.
const withoutFolder = (text) =>
  [code, tests]
    .map((url) => new URL('.', url))
    .flatMap((folder) => [folder.href, fileURLToPath(folder)])
    .reduce((left, folder) => left.replaceAll(folder, ''), text);
const report = (results) => {
  writeSync(3, word + stringify(results) + '\\n');
  exit(0);
};
const messageOf = (error) => {
  try {
    const cause = error?.cause ?? error;
    return withoutFolder(String(cause?.message ?? cause)).slice(0, 500);
  } catch {
    return 'it threw a value that cannot be read';
  }
};

// The assertions of the tests are counted, because a test without any passes by accident.
let assertions = 0;
const counted = (assert, known = new Map()) => {
  if (known.has(assert)) return known.get(assert);
  const own = (...given) => {
    assertions += 1;
    return assert(...given);
  };
  known.set(assert, own);
  for (const name of Object.keys(assert)) {
    const member = assert[name];
    own[name] = typeof member === 'function' && !/^[A-Z]/.test(name) ? counted(member, known) : member;
  }
  return own;
};
const key = 'crucible-ensemble.assert';
globalThis[Symbol.for(key)] = { loose: counted(nodeAssert), strict: counted(nodeAssert.strict) };
// The code cannot replace an assertion by one that holds.
for (const assert of [nodeAssert, nodeAssert.strict]) Object.freeze(assert);
const names = Object.keys(nodeAssert).filter((name) => /^\\w+$/.test(name) && name !== 'default');
registerHooks({
  resolve(specifier, context, next) {
    const [, isStrict] = /^(?:node:)?assert(\\/strict)?$/.exec(specifier) ?? [undefined, undefined];
    if (context.parentURL !== tests || !/^(?:node:)?assert(?:\\/strict)?$/.test(specifier)) return next(specifier, context);
    return { url: isStrict ? 'counted:strict' : 'counted:loose', format: 'module', shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith('counted:')) return next(url, context);
    const source =
      'const assert = globalThis[Symbol.for(' + stringify(key) + ')].' + url.slice(8) + ';' +
      'export default assert; export const { ' + names.join(', ') + ' } = assert;';
    return { format: 'module', source, shortCircuit: true };
  },
});

try {
  await import(code);
} catch (error) {
  report({ unloaded: (error?.name ?? 'Error') + ': ' + messageOf(error) });
}
const results = [];
for await (const { type, data } of run({ files: [fileURLToPath(tests)], isolation: 'none' })) {
  if (type !== 'test:pass' && type !== 'test:fail') continue;
  const { name, details, skip, todo } = data;
  const error = details?.error;
  // The failure of a suite is that of its tests, unless it is one of a hook.
  if (details?.type === 'suite' && (type === 'test:pass' || error?.failureType === 'subtestsFailed')) continue;
  if (skip !== undefined || todo !== undefined) continue;
  results.push({ name: withoutFolder(name).slice(0, 200), passed: type === 'test:pass', message: error === undefined ? '' : messageOf(error) });
}
report({ assertions, results });
`;
