/** The writers of the scripts, by shell. A shell loads only its own, because it waits for it. */
const scripts: Readonly<Record<string, () => Promise<string>>> = {
  bash: async () => (await import('./bash-completion.ts')).bashCompletion(),
  zsh: async () => (await import('./zsh-completion.ts')).zshCompletion(),
  fish: async () => (await import('./fish-completion.ts')).fishCompletion(),
};

/** Resolves with the script with which a shell completes commands, flags, models and files. It is made of the table of commands. */
export const completion = async (shell: string): Promise<string> =>
  (await scripts[shell]?.())?.trimEnd() ?? '';
