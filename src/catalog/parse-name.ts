import { textSimilarity } from '../normalizers/text-similarity.ts';
import { fullName } from './find-model.ts';
import { catalog, shortNames } from './models.ts';
import { isProvider, providers } from './providers.ts';

/** A model, told by its name. */
export interface NamedModel {
  /** The name itself, which the model goes by in votes, weights and costs. */
  readonly id: string;
  readonly provider: string;
  /** Its name there. */
  readonly modelId: string;
}

/** What a name stands for, or what is wrong with it. */
export const parseName = (name: string): NamedModel | { readonly fault: string } => {
  const full = fullName(name);
  const slash = full.indexOf('/');
  const [provider, modelId] = [full.slice(0, Math.max(slash, 0)), full.slice(slash + 1)];
  if (provider === '' || modelId === '') return { fault: noModel(name) };
  return isProvider(provider) ? { id: name, provider, modelId } : { fault: noProvider(provider) };
};

const noProvider = (provider: string): string =>
  `there is no provider "${provider}"; ${
    didYouMean(provider, new Map(providers.map((known) => [known, known]))) ??
    `the providers are ${providers.join(', ')}`
  }`;

const noModel = (name: string): string =>
  `there is no model "${name}"; ${didYouMean(name, spellings) ?? 'name one as provider/model, such as openai/gpt-6-luna'}`;

/** What people write, and what they mean by it: a name without its provider is a name too. */
const spellings: ReadonlyMap<string, string> = new Map([
  ...Object.keys(shortNames).map((name) => [name, name] as const),
  ...catalog.flatMap(({ provider, modelId }) => {
    const full = `${provider}/${modelId}`;
    return [[full, full] as const, [modelId, full] as const];
  }),
]);

/** Below this, a name is no misspelling of another. */
const LEAST_SIMILARITY = 0.6;
/** Nor is it where another one is nearer by this much. */
const MARGIN = 0.15;

const didYouMean = (name: string, known: ReadonlyMap<string, string>): string | undefined => {
  const candidates = Array.from(known, ([spelling, meant]) => ({
    meant,
    similarity: textSimilarity(name, spelling),
  })).toSorted((a, b) => b.similarity - a.similarity);
  const least = Math.max(LEAST_SIMILARITY, (candidates[0]?.similarity ?? 0) - MARGIN);
  const near = candidates.filter(({ similarity }) => similarity >= least).map(({ meant }) => meant);
  return near.length === 0 ? undefined : `did you mean ${[...new Set(near)].slice(0, 3).join(' or ')}?`;
};
