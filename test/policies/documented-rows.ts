import { readFileSync } from 'node:fs';

/** What happens, by the table under "Behavior" on the page of a policy: the first cell of each row. */
export const documentedRows = (page: string): string[] => {
  const text = readFileSync(new URL(`../../docs/policies/${page}.md`, import.meta.url), 'utf8');
  const [, section = ''] = text.split(/\n## (?:What it does|Behavior)\n/);
  const [table = ''] = section.trim().split('\n\n');
  return table
    .split('\n')
    .slice(2)
    .map((row) => row.split('|')[1]?.trim() ?? '');
};
