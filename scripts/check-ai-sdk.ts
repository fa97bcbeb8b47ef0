/**
 * Tries ensembles as models of the AI SDK, and its models as members, with the current packages from the registry and the packed
 * package, over sockets. Prints a table, and fails if one of the trials fails.
 *
 * `npm run check:ai-sdk` installs the packages into `temp/ai-sdk`; it needs a build. With `--write` it writes the table into
 * docs/frameworks/ai-sdk.md. Takes a minute.
 */
import { ensembleTrials, exampleTrials, memberTrials } from './ai-sdk/capabilities.ts';
import { installPackages } from './ai-sdk/packages.ts';
import { loadPanels } from './ai-sdk/panels.ts';
import { checkCapabilities } from './capability-table.ts';

const installed = await installPackages();
const panels = await loadPanels(installed);
// The AI SDK prints the warnings that are asserted here.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const own = ensembleTrials(installed, panels, panels.own);
const ofAiSdk = ensembleTrials(installed, panels, panels.ofAiSdk);

await checkCapabilities({
  page: 'ai-sdk',
  folder: installed.folder,
  packages: ['ai', '@ai-sdk/provider', '@ai-sdk/openai-compatible'],
  columns: ['members of this package', 'members of the AI SDK'],
  capabilities: {
    ...Object.fromEntries(Object.entries(own).map(([name, trial]) => [name, [trial, ofAiSdk[name]]])),
    ...Object.fromEntries(
      Object.entries(memberTrials(installed, panels)).map(([name, trial]) => [
        `a member: ${name}`,
        [undefined, trial],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(exampleTrials(installed)).map(([name, trial]) => [name, [trial, undefined]]),
    ),
  },
});
process.exit();
