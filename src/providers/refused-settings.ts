import type { QuerySettings } from '../domain/query-settings.ts';
import { type ReasoningEffort, reasoningEfforts } from '../domain/reasoning-effort.ts';

/** What the providers say of a model. The names of newer models are read as those of the newest one that is known. */
export interface KnownModel {
  /** The settings that it refuses, or ignores. */
  readonly refuses: readonly (keyof QuerySettings)[];
  /** The efforts of reasoning that it takes, from the least to the most. */
  readonly efforts: readonly ReasoningEffort[];
}

const SAMPLING = ['temperature', 'topP', 'topK'] as const;
const PENALTIES = ['presencePenalty', 'frequencyPenalty'] as const;

/** The settings that models refuse, or ignore without a word. */
interface Refusal {
  /** Matches the name of the model, without the names of providers before it. */
  readonly models: RegExp;
  readonly settings: readonly (keyof QuerySettings)[];
  /** Whether the model takes them if its reasoning is turned off. */
  readonly isOnlyWithReasoning?: true;
}

/** What the documentation of OpenAI, xAI and DeepSeek says. */
const REFUSALS: readonly Refusal[] = [
  { models: /^o\d/, settings: [...SAMPLING, ...PENALTIES, 'stopSequences'] },
  {
    models: /^gpt-(?:[5-9]|\d\d)(?!.*chat)/,
    settings: [...SAMPLING, ...PENALTIES, 'stopSequences'],
    isOnlyWithReasoning: true,
  },
  { models: /^(?:gpt-[34]|chatgpt)/, settings: ['reasoningEffort'] },
  { models: /^grok-(?:[4-9]|code|3-mini)(?!.*non-reasoning)/, settings: [...PENALTIES, 'stopSequences'] },
  { models: /^deepseek-reasoner/, settings: [...SAMPLING, ...PENALTIES] },
];

/**
 * Returns the settings that a model is known to refuse, by its name at any provider or router. All others are sent: an unknown
 * model may take them, and its provider says if it does not.
 */
export const refusedSettings = (
  modelId: string,
  effort?: ReasoningEffort,
): ReadonlySet<keyof QuerySettings> => {
  // `openai/gpt-5` at a router; `ft:gpt-4o:acme` for a tuned model.
  const name = modelId.toLowerCase().replace(/^.*\//s, '').replace(/^ft:/, '');
  return new Set([
    ...claudeModel(name).refuses,
    ...geminiModel(name).refuses,
    ...REFUSALS.filter(
      ({ models, isOnlyWithReasoning }) => models.test(name) && !(isOnlyWithReasoning && effort === 'none'),
    ).flatMap(({ settings }) => settings),
  ]);
};

const ALL = Object.keys(reasoningEfforts) as readonly ReasoningEffort[];

/** Returns the settings of an API for one of its models: those of the API, but no effort of a model that has none. */
export const takenBy = (
  api: readonly (keyof QuerySettings)[],
  { efforts }: KnownModel,
): ReadonlySet<keyof QuerySettings> =>
  new Set(api.filter((name) => name !== 'reasoningEffort' || efforts.length > 0));

/**
 * Returns the effort that a model takes in place of another: the most of those below it, or else the least. It turns reasoning
 * off only if that is asked.
 */
export const nearestEffort = (effort: ReasoningEffort, { efforts }: KnownModel): ReasoningEffort => {
  if (efforts.includes(effort)) return effort;
  const others = efforts.filter((one) => one !== 'none');
  return others.findLast((one) => ALL.indexOf(one) <= ALL.indexOf(effort)) ?? others[0] ?? effort;
};

/** A model of Anthropic. */
export interface ClaudeModel extends KnownModel {
  /** Whether it refuses `topP` together with `temperature`. */
  readonly takesOneSampler: boolean;
  /** Whether it reasons by default, only on request, or never. */
  readonly reasons: 'unasked' | 'asked' | 'never';
  /** The `thinking` that turns its reasoning off; absent if it is off by default, or cannot be turned off. */
  readonly off?: 'disabled' | 'between_tools';
  /** Whether it can be forced to call a tool, while it does not reason. */
  readonly takesForcedTools: boolean;
}

const CLAUDE =
  /claude-(?:(\d)(?:[.-](\d))?-)?(opus|sonnet|haiku|fable|mythos|instant)(?:-(\d)(?!\d))?(?:[.-](\d)(?!\d))?/;

/** Returns what is known of a model of Anthropic, by its name. A model of another name takes everything. */
export const claudeModel = (modelId: string): ClaudeModel => {
  const [, oldMajor, oldMinor, family = '', newMajor, newMinor] = CLAUDE.exec(modelId) ?? [];
  const isLarge = family === 'fable' || family === 'mythos';
  const major = newMajor ?? oldMajor ?? (isLarge ? '5' : undefined);
  if (major === undefined)
    return {
      refuses: [],
      efforts: ALL.filter((effort) => effort !== 'minimal'),
      takesOneSampler: false,
      reasons: 'never',
      off: 'disabled',
      takesForcedTools: true,
    };
  const version = Number(`${major}.${(newMajor === undefined ? oldMinor : newMinor) ?? 0}`);
  const off = offOf(`${family} ${version}`);
  return {
    refuses: version >= 4.7 ? SAMPLING : [],
    efforts: effortsOfClaude(family, version).filter(
      (effort) => effort !== 'none' || version < 5 || off !== undefined,
    ),
    takesOneSampler: version >= 4.1,
    reasons: version >= 5 ? 'unasked' : version >= 4.6 ? 'asked' : 'never',
    ...(off !== undefined && { off }),
    takesForcedTools: version < 5 || off === 'disabled',
  };
};

/** Returns the `thinking` without reasoning, of the models that reason by default. */
const offOf = (name: string): ClaudeModel['off'] => {
  if (name === 'sonnet 5.5') return 'between_tools';
  return ['opus 5', 'sonnet 5', 'haiku 5.5'].includes(name) ? 'disabled' : undefined;
};

const effortsOfClaude = (family: string, version: number): readonly ReasoningEffort[] => {
  if (version >= 4.7) return ['none', 'low', 'medium', 'high', 'xhigh', 'max'];
  if (version >= 4.6) return ['none', 'low', 'medium', 'high', 'max'];
  return family === 'opus' && version >= 4.5 ? ['low', 'medium', 'high'] : [];
};
/** A model of Google. */
export interface GeminiModel extends KnownModel {
  /** Whether its reasoning is set as a level, as a number of tokens, or not at all. */
  readonly thinking: 'level' | 'budget' | 'none';
  /** Whether it refuses calls of tools in earlier turns without the signature of its thoughts. */
  readonly signsCalls: boolean;
}

/** Returns what is known of a model of Google, by its name. A model of another name takes everything. */
export const geminiModel = (modelId: string): GeminiModel => {
  const [known, number, kind = ''] = /gemini-(\d+(?:\.\d)?)-?(\S*)/.exec(modelId) ?? [];
  if (known === undefined)
    return {
      refuses: [],
      efforts: ['minimal', 'low', 'medium', 'high'],
      thinking: 'level',
      signsCalls: modelId.includes('gemini'),
    };
  const version = Number(number);
  return {
    refuses: version >= 3.5 ? [...SAMPLING, ...PENALTIES] : [],
    efforts: effortsOfGemini(version, kind),
    thinking: version >= 3 ? 'level' : version >= 2.5 ? 'budget' : 'none',
    signsCalls: version >= 3,
  };
};

const effortsOfGemini = (version: number, kind: string): readonly ReasoningEffort[] => {
  if (version < 2.5) return [];
  if (version < 3)
    return [...(kind.startsWith('pro') ? [] : (['none'] as const)), 'minimal', 'low', 'medium', 'high'];
  if (version < 3.1 && kind.startsWith('pro')) return ['low', 'high'];
  const isMinimal = kind.startsWith('flash') && (version < 3.7 || kind.startsWith('flash-lite'));
  return [...(isMinimal ? (['minimal'] as const) : []), 'low', 'medium', 'high'];
};
