/** The packages that the check installs, and what it uses of them. The project itself does not install `ai`. */
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { type InstalledFolder, installed } from '../on-demand.ts';

const PACKAGES = {
  ai: 'latest',
  '@ai-sdk/openai-compatible': 'latest',
  '@ai-sdk/provider': 'latest',
  '@ai-sdk/react': 'latest',
  '@types/node': '^24.0.0',
  '@types/react': '^19.0.0',
  react: '^19.0.0',
  rxjs: '^7.8.0',
  zod: '^4.2.0',
};

export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
}

export interface TextPart {
  readonly type: string;
  readonly kind?: string;
  readonly error?: unknown;
  readonly text?: string;
  readonly providerMetadata?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Result {
  readonly text: string;
  readonly output: unknown;
  readonly usage: Usage;
  readonly totalUsage: Usage;
  readonly warnings?: readonly { readonly feature?: string }[];
  readonly providerMetadata?: unknown;
  readonly steps: readonly { readonly providerMetadata?: unknown }[];
  readonly responseMessages: readonly object[];
  readonly response: { readonly messages: readonly object[] };
}

interface StreamResult {
  readonly stream: ReadableStream<TextPart> & AsyncIterable<TextPart>;
  readonly text: PromiseLike<string>;
  readonly output: PromiseLike<unknown>;
  readonly totalUsage: PromiseLike<Usage>;
  readonly response: PromiseLike<{ readonly messages: readonly object[] }>;
}

/** What is used of `ai`. */
export interface Sdk {
  generateText(options: object): Promise<Result>;
  streamText(options: object): StreamResult;
  readonly ToolLoopAgent: new (
    options: object,
  ) => {
    generate(options: object): Promise<Result>;
    stream(options: object): Promise<StreamResult>;
  };
  tool(options: object): object;
  jsonSchema(schema: object): object;
  isStepCount(count: number): unknown;
  readonly Output: {
    object(options: object): object;
    array(options: object): object;
    choice(options: object): object;
    json(): object;
    text(): object;
  };
  toUIMessageStream(options: { readonly stream: unknown }): ReadableStream<{ readonly type: string }>;
  readUIMessageStream(options: object): AsyncIterable<{
    readonly parts: readonly { readonly type: string; readonly id?: string; readonly data?: unknown }[];
  }>;
  createUIMessageStreamResponse(options: object): Response;
  convertToModelMessages(messages: readonly object[]): Promise<readonly object[]>;
  customProvider(options: object): object;
  createProviderRegistry(providers: object): { languageModel(id: string): object };
  wrapLanguageModel(options: object): LanguageModelV4;
  defaultSettingsMiddleware(options: object): object;
  experimental_decide(options: object): Promise<{
    readonly answers: Readonly<Record<string, unknown>>;
    readonly usage: Usage;
  }>;
}

/** What is used of `ai/test`. */
export interface SdkTest {
  readonly MockLanguageModelV3: new (options: object) => never;
}

/** The installed packages, with this one as users get it. */
export interface Installed {
  readonly folder: InstalledFolder;
  readonly sdk: Sdk;
  readonly test: SdkTest;
  readonly createOpenAICompatible: (options: object) => (model: string) => LanguageModelV4;
}

/** Installs the packages into `temp/ai-sdk`. Needs a build. */
export const installPackages = async (): Promise<Installed> => {
  const folder = installed({ name: 'ai-sdk', packages: PACKAGES, packed: true });
  const { createOpenAICompatible } =
    await folder.load<Pick<Installed, 'createOpenAICompatible'>>('@ai-sdk/openai-compatible');
  return {
    folder,
    sdk: await folder.load('ai'),
    test: await folder.load('ai/test'),
    createOpenAICompatible,
  };
};
