import { dirname, join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

/** Where the files of the repository are shown: what an absolute link to one begins with. */
const BLOB = `${manifest.repository.url.replace(/^git\+|\.git$/g, '')}/blob/main/`;

/** A link to a file of the repository. */
export interface Link {
  readonly from: string;
  /** The file, from the root of the repository. */
  readonly to: string;
  readonly anchor: string | undefined;
  /** Whether it is written as an address, so that it also leads there from outside of the repository. */
  readonly isAbsolute: boolean;
}

/** What Markdown shows, without what only looks like a link: code. */
const prose = (text: string): string => text.replace(/^(```+).*?^\1/gms, '').replace(/`[^`\n]*`/g, '``');

/** Returns the links of a page to files of the repository. `from` is its path from the root. */
export const linksOf = (from: string, text: string): Link[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    const isAbsolute = target.startsWith(BLOB);
    if (!isAbsolute && /^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = (isAbsolute ? target.slice(BLOB.length) : target).split('#');
    const to = file === '' ? from : isAbsolute ? file : join(dirname(from), decodeURI(file));
    return [{ from, to, anchor, isAbsolute }];
  });
