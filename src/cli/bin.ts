#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';
import { nodeFault } from './node-fault.ts';

// The command line is imported afterwards, because older versions of Node cannot parse it.
const fault = nodeFault(process.versions);
if (fault === undefined) {
  // Keeps what V8 compiled in the folder for temporary files, which takes a fifth of the CPU time of `predict` off (measured).
  module.enableCompileCache?.();
  void import('./main.ts');
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
}
