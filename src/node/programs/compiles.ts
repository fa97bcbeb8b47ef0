import { join } from 'node:path';
import type { Check, CheckResult } from '../../domain/check.ts';
import { given } from '../../domain/given.ts';
import { checked, reading, refuse } from '../../options.ts';
import { type ProgramOptions, programSpecs, withoutNode } from './program-options.ts';
import { checkOfCode, lastLineOf, limitReached, runCode } from './run-code.ts';

/** Options of {@link compiles}. */
export type CompilesOptions = ProgramOptions;

/**
 * Returns a check that the code of an answer compiles: JavaScript by `node --check`, which does not run it, and other languages by a
 * `command`, such as `['tsc', '--noEmit', 'code.ts']` with `file: 'code.ts'`. The reason is what the compiler says.
 *
 * Costs no calls. In an experiment a check has no time, so that this one refuses every answer there.
 *
 * @throws {ConfigError} for invalid options, and on Bun and Deno without a `command`.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { codeIn } from 'crucible-ensemble/checks';
 * import { compiles } from 'crucible-ensemble/node';
 *
 * const ensemble = createEnsemble({
 *   models: ['const a = ;', 'const a = 1;'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: codeIn,
 *   check: compiles(),
 * });
 * const { answer, metadata } = await ensemble.predict('Declare a constant.');
 * answer; // => 'const a = 1;'
 * metadata.warnings[0]; // => "model-0 abstained: the code does not compile: SyntaxError: Unexpected token ';'"
 * ```
 */
export const compiles = (options: CompilesOptions = {}): Check =>
  reading('compiles', () => {
    const { code, file, command, env, ...limits } = checked('compiles', options, programSpecs);
    refuse(withoutNode('compiles', command));
    return checkOfCode('compiles', code, async (text, context): Promise<CheckResult> => {
      const end = await runCode({
        files: { [file]: text },
        limits,
        options: given({ command, env }),
        signal: context.signal,
        own: (folder) => ({ args: ['--check', join(folder, file)] }),
      });
      const limit = limitReached('compiles', end, limits);
      if (limit !== undefined) return limit;
      return end.code === 0 || `the code does not compile: ${lastLineOf(end.output)}`;
    });
  });
