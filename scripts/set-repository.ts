/**
 * Writes the address of the repository into every file that names it: `node scripts/set-repository.ts
 * https://github.com/owner/name`. Needed once, before the first release from a new place.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../', import.meta.url));
const before = manifest.repository.url.replace(/^git\+|\.git$/g, '');
const [after] = process.argv.slice(2);

if (after === undefined || !/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(after)) {
  console.error(`Give the new address, as in: node scripts/set-repository.ts ${before}`);
  process.exitCode = 2;
} else {
  for (const path of globSync(['*.md', 'docs/**/*.md', 'examples/*.md', 'package.json', 'CITATION.cff'], {
    cwd: root,
  })) {
    const text = readFileSync(root + path, 'utf8');
    if (!text.includes(before)) continue;
    writeFileSync(root + path, text.replaceAll(before, after));
    console.log(path);
  }
}
