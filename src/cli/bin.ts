#!/usr/bin/env node
import process from 'node:process';
import { nodeFault } from './node-fault.ts';

// The command line is imported afterwards, because older versions of Node cannot parse it.
const fault = nodeFault(process.versions);
if (fault === undefined) void import('./main.ts');
else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
}
