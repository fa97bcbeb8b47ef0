/**
 * Compares the public API of each entry of the package with its golden file in `etc/`, and fails on a difference.
 * `--accept` writes the golden files instead. Reads the built package: `npm run build` first.
 */
import { apiReports } from './api-reports.ts';

const accepts = process.argv.includes('--accept');
const { entries, differing, forgotten } = apiReports({ accepts, printsDifferences: !accepts });

console.log(`${entries.length} entries, ${differing.length} ${accepts ? 'accepted' : 'differ'}`);
for (const entry of differing) console.log(`  ${entry}`);
if (differing.length > 0 && !accepts) {
  console.error('\nThe public API has changed. If it should, accept it with "npm run api", and commit etc/.');
  process.exitCode = 1;
}
for (const symbol of forgotten) console.error(`no entry exports ${symbol}, which public types name`);
if (forgotten.length > 0) process.exitCode = 1;
