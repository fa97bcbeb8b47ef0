import { isKey } from '../domain/quoting.ts';

/** Sessions of users are often such tokens, and no provider of models has them. */
const SIGNED_TOKEN = /^eyJ/;

/**
 * Creates a function that prints one warning about headers of a page that look like keys of a provider, because every reader of
 * the page can read them. It is quiet outside of a page.
 */
export const createKeyWarning = (): ((headers: Headers) => void) => {
  let isPrinted = false;
  return (headers) => {
    if (isPrinted || !('document' in globalThis)) return;
    const names = [...headers].flatMap(([name, value]) => (isProviderKey(value) ? [`"${name}"`] : []));
    if (names.length === 0) return;
    isPrinted = true;
    // biome-ignore lint/suspicious/noConsole: the author of a page reads it there
    console.warn(
      `createEnsembleClient: the header ${names.join(' and ')} looks like a key of a provider, and everyone who opens this page can read it; keep that key on the server, and revoke it if the page was public`,
    );
  };
};

const isProviderKey = (header: string): boolean => {
  const secret = header.replace(/^(?:Bearer|Basic)\s+/i, '');
  return isKey(secret) && !SIGNED_TOKEN.test(secret);
};
