import type { OpenAI } from 'openai';
import { given } from '../../domain/given.ts';
import { SDK_ACCESS, withoutHeadersOf } from '../access.ts';
import { boundedFetch } from '../bounded-fetch.ts';
import { importPeer } from '../provider-model.ts';
import { withWholeErrors } from './whole-errors.ts';

/** What a client of the SDK is made with. */
interface ClientSettings {
  readonly id: string;
  readonly apiKey: string | undefined;
  readonly baseURL: string | undefined;
  readonly maxResponseBytes: number;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Imports the SDK of OpenAI and creates a client. Its answers are read without it, within the limit of their reader. */
export const connectOpenAI = async ({
  id,
  apiKey,
  baseURL,
  maxResponseBytes,
  fetch,
}: ClientSettings): Promise<OpenAI> => {
  const { OpenAI: Client } = await importPeer(id, 'openai', () => import('openai'));
  return new Client({
    apiKey,
    // Otherwise the SDK would read them from the environment, for any host.
    adminAPIKey: null,
    ...given({ baseURL }),
    ...elsewhere(baseURL),
    fetch: withWholeErrors(boundedFetch(maxResponseBytes, { leavesAnswers: true, fetch })),
    // Logs would contain the request.
    logLevel: 'off',
  });
};

/** Takes away what the SDK reads from the environment for OpenAI, if the host is another one. */
const elsewhere = (baseURL: string | undefined): object => {
  const defaultHeaders = withoutHeadersOf('OPENAI_CUSTOM_HEADERS', SDK_ACCESS.openai, baseURL);
  return defaultHeaders === undefined ? {} : { organization: null, project: null, defaultHeaders };
};
