import { writeFileSync } from 'node:fs';
import { pageScript, pageScriptPath } from './page-script.ts';

// Writes the script of the live page, which is part of the package.
writeFileSync(pageScriptPath, pageScript());
