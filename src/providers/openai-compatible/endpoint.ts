import { baseURLFaults } from '../base-url.ts';
import type { OpenAIApi } from '../openai-responses/responses-only.ts';
import type { OpenAICompatibleOptions } from './options.ts';
import { addressOf, type Preset } from './presets.ts';

/** The URL of a model. */
export interface Endpoint {
  readonly url: URL;
  /** The name of the model in requests. */
  readonly model: string;
}

interface EndpointOptions {
  readonly modelId: string;
  readonly options: OpenAICompatibleOptions;
  readonly server: Preset;
  readonly api: OpenAIApi;
}

/** Returns the endpoint of a model, or the faults of the options for it. */
export const endpointOf = (
  owner: string,
  { modelId, options, server, api }: EndpointOptions,
): Endpoint | { readonly faults: readonly string[] } => {
  const { preset, baseURL, resource, deployment, apiVersion } = options;
  const isAzure = preset === 'azure';
  const faults: string[] = [];
  if (!isAzure && (resource ?? deployment ?? apiVersion) !== undefined) {
    faults.push(`${owner}: options "resource", "deployment" and "apiVersion" require preset 'azure'`);
  }
  if (resource !== undefined && !/^[a-z0-9-]+$/i.test(resource)) {
    faults.push(
      `${owner}: option "resource" must be the name of an Azure resource: letters, digits and hyphens`,
    );
  }
  if (resource !== undefined && baseURL !== undefined) {
    faults.push(
      `${owner}: options "resource" and "baseURL" exclude each other, because each sets the base URL: pass one of them`,
    );
  }
  const versioned = apiVersion === undefined ? '/v1' : '';
  const made = resource && `https://${resource}.openai.azure.com/openai${versioned}`;
  const base = baseURL ?? (isAzure ? made : addressOf(server));
  if (base === undefined) {
    faults.push(
      isAzure
        ? `${owner}: there is no base URL: pass option "resource", the name of your Azure resource, or "baseURL"`
        : `${owner}: there is no base URL: pass option "baseURL", such as http://localhost:8000/v1, or "preset"`,
    );
  }
  faults.push(...baseURLFaults(owner, base));
  if (base === undefined || faults.length > 0) return { faults };
  const url = new URL(base);

  const model = deployment ?? modelId;
  const folder = url.pathname.replace(/\/+$/, '');
  // Azure has the Responses API outside of the deployments.
  const deployed =
    apiVersion === undefined || api === 'responses' ? '' : `/deployments/${encodeURIComponent(model)}`;
  url.pathname = `${folder}${deployed}${api === 'chat' ? '/chat/completions' : '/responses'}`;
  if (apiVersion !== undefined) url.searchParams.set('api-version', apiVersion);
  return { url, model };
};
