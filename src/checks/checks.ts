/** Ready-made checks of answers. Those that start programs are in `crucible-ensemble/node`. */

export { codeIn } from './code-in.ts';
export { fits } from './fits.ts';
export { type JudgedOptions, judged } from './judged.ts';
