import type { OpenAICompatibleOptions } from './options.ts';
import type { Preset } from './presets.ts';

/** Where a model is asked. */
export interface Endpoint {
  readonly url: URL;
  /** What the model is called there. */
  readonly model: string;
}

/** The endpoint of a model, or what is wrong with the options it is made of. */
export const endpointOf = (
  owner: string,
  modelId: string,
  { preset, baseURL, resource, deployment, apiVersion }: OpenAICompatibleOptions,
  { baseURL: knownURL }: Preset,
): Endpoint | { readonly faults: readonly string[] } => {
  const isAzure = preset === 'azure';
  const faults: string[] = [];
  if (!isAzure && (resource ?? deployment ?? apiVersion) !== undefined) {
    faults.push(`${owner}: options "resource", "deployment" and "apiVersion" belong to preset 'azure'`);
  }
  if (resource !== undefined && !/^[a-z0-9-]+$/i.test(resource)) {
    faults.push(`${owner}: option "resource" must be a name of letters, digits and hyphens`);
  }
  if (resource !== undefined && baseURL !== undefined) {
    faults.push(
      `${owner}: option "resource" makes a base URL, and option "baseURL" is one: give one of them`,
    );
  }
  const versioned = apiVersion === undefined ? '/v1' : '';
  const made = resource && `https://${resource}.openai.azure.com/openai${versioned}`;
  const base = baseURL ?? (isAzure ? made : knownURL);
  if (base === undefined) {
    faults.push(`${owner}: option "${isAzure ? 'resource' : 'baseURL'}" is missing`);
  }
  const url = base === undefined ? undefined : parse(owner, base, faults);
  if (url === undefined || faults.length > 0) return { faults };

  const model = deployment ?? modelId;
  const folder = url.pathname.replace(/\/+$/, '');
  if (apiVersion === undefined) url.pathname = `${folder}/chat/completions`;
  else {
    url.pathname = `${folder}/deployments/${encodeURIComponent(model)}/chat/completions`;
    url.searchParams.set('api-version', apiVersion);
  }
  return { url, model };
};

/** The URL is not repeated: where there is something wrong with it, it may hold a password. */
const parse = (owner: string, base: string, faults: string[]): URL | undefined => {
  const url = URL.parse(base);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    faults.push(`${owner}: option "baseURL" must be an absolute URL with http: or https:`);
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    faults.push(`${owner}: option "baseURL" must have no user name or password: a key goes into "apiKey"`);
  }
  if (url.hash !== '') faults.push(`${owner}: option "baseURL" must have no fragment`);
  return url;
};
