import type { GoogleGenAI } from '@google/genai';
import { given } from '../../domain/given.ts';
import { importPeer } from '../provider-model.ts';
import { fetchOrThrow } from './fetch-or-throw.ts';

interface ClientSettings {
  readonly id: string;
  readonly apiKey: string;
  readonly baseURL?: string | undefined;
  readonly maxResponseBytes: number;
}

/** Creates the SDK's client. Sets everything that the SDK would otherwise read from the environment. */
export const connectGoogleGenAI = async ({
  id,
  apiKey,
  baseURL,
  maxResponseBytes,
}: ClientSettings): Promise<GoogleGenAI> => {
  const { GoogleGenAI: Client } = await importPeer(id, '@google/genai', () => import('@google/genai'));
  return new Client({
    apiKey,
    vertexai: false,
    apiVersion: 'v1beta',
    httpOptions: { fetch: fetchOrThrow(id, { maxResponseBytes }), ...given({ baseUrl: baseURL }) },
  });
};
