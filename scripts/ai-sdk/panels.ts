import { memberNames, type Upstream } from '../served-panels.ts';
import type { Installed } from './packages.ts';

type Core = typeof import('../../src/index.ts');
type AiSdk = typeof import('../../src/ai-sdk/ai-sdk.ts');
type Experimental = typeof import('../../src/ai-sdk/ai-sdk-experimental.ts');
type Compatible = typeof import('../../src/providers/openai-compatible.ts');
type Testing = typeof import('../../src/testing/testing.ts');
type Ensemble = ReturnType<Core['createEnsemble']>;

/** Makes an ensemble of three served models, such as `agent-1`. */
export type PanelOf = (upstream: Upstream, panel: string, options?: object) => Ensemble;

/** This package as it is installed, and panels of models that an upstream serves. */
export interface Panels extends Core, AiSdk, Experimental, Pick<Testing, 'modelContract'> {
  /** An ensemble whose members are models of this package. */
  readonly own: PanelOf;
  /** An ensemble whose members are models of the AI SDK. */
  readonly ofAiSdk: PanelOf;
  /** A model of the AI SDK that the upstream serves. */
  served(upstream: Pick<Upstream, 'url'>, model: string, options?: object): Parameters<AiSdk['fromAiSdk']>[0];
}

export const loadPanels = async ({ folder, createOpenAICompatible }: Installed): Promise<Panels> => {
  const core = await folder.load<Core>('crucible-ensemble');
  const aiSdk = await folder.load<AiSdk>('crucible-ensemble/ai-sdk');
  const experimental = await folder.load<Experimental>('crucible-ensemble/ai-sdk-experimental');
  const testing = await folder.load<Testing>('crucible-ensemble/testing');
  const { openaiCompatible } = await folder.load<Compatible>('crucible-ensemble/openai-compatible');
  const served: Panels['served'] = ({ url }, model, options = {}) =>
    createOpenAICompatible({
      name: 'upstream',
      baseURL: url,
      apiKey: 'none',
      includeUsage: true,
      supportsStructuredOutputs: true,
      ...options,
    })(model);
  return {
    ...core,
    ...aiSdk,
    ...experimental,
    modelContract: testing.modelContract,
    served,
    own: ({ url }, panel, options) =>
      core.createEnsemble({
        models: memberNames(panel).map((name) => openaiCompatible(name, { baseURL: url, apiKey: 'none' })),
        ...options,
      }) as Ensemble,
    ofAiSdk: (upstream, panel, options) =>
      core.createEnsemble({
        models: memberNames(panel).map((name) => aiSdk.fromAiSdk(served(upstream, name))),
        ...options,
      }) as Ensemble,
  };
};
