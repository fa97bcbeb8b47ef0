import type { ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages';
import { given } from '../../domain/given.ts';
import { type ModelRequest, warnOf } from '../../domain/request.ts';
import type { ToolChoice } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { effortSent } from '../effort-sent.ts';
import type { Exchange } from '../provider-model.ts';
import type { ClaudeModel } from '../refused-settings.ts';
import type { Effort } from '../setting-checks.ts';

/** How a model is to reason, and the choice of a tool that goes with it. */
interface Reasoning {
  readonly reasons: boolean;
  readonly effort?: Effort;
  readonly thinking?: ThinkingConfigParam;
  readonly toolChoice?: ToolChoice;
}

/** What is known of a model, and what its options say of its reasoning. */
interface Reasoner {
  readonly id: string;
  readonly known: ClaudeModel;
  readonly effort?: Effort | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Returns how a model is to reason. It cannot be forced to call a tool while it reasons: unless an effort is given, its
 * reasoning is turned off then. Where that is not possible, the choice is left to the model. Both with a warning.
 */
export const reasoningOf = (
  { request, settings }: Pick<Exchange, 'request' | 'settings'>,
  { id, known, effort: own, parameters = {} }: Reasoner,
): Reasoning => {
  const asked = settings.reasoningEffort && effortSent(id, request, settings.reasoningEffort, known);
  const effort = asked === 'none' ? undefined : ((asked as Effort | undefined) ?? own);
  const isOpen =
    asked === undefined && own === undefined && !('thinking' in parameters || 'output_config' in parameters);
  const isForced = isForcing(request);
  const isTurnedOff = isForced && isOpen && known.reasons === 'unasked' && known.off === 'disabled';
  const thinking = thinkingOf(known, isTurnedOff ? 'none' : asked);
  const { type } = asObject(thinking ?? (asked === undefined ? parameters.thinking : undefined));
  const reasons =
    type === 'adaptive' || type === 'enabled' || (known.reasons === 'unasked' && type === undefined);
  const isRefused = isForced && (reasons || !known.takesForcedTools);
  if (isRefused)
    warnOf(
      request,
      `${id} cannot be forced to call a tool while it reasons: "toolChoice" was sent as "auto"`,
    );
  else if (isTurnedOff)
    warnOf(request, `${id} does not reason, because "toolChoice" forces it to call a tool`);
  return {
    reasons,
    ...given({ effort, thinking, toolChoice: isRefused ? ('auto' as const) : request.toolChoice }),
  };
};

const isForcing = ({ tools, toolChoice }: ModelRequest): boolean =>
  tools !== undefined && toolChoice !== undefined && toolChoice !== 'auto' && toolChoice !== 'none';

const thinkingOf = (
  { reasons, off }: ClaudeModel,
  asked: Exchange['settings']['reasoningEffort'],
): ThinkingConfigParam | undefined => {
  if (asked === 'none') return off && { type: off };
  return asked !== undefined && reasons === 'asked' ? { type: 'adaptive' } : undefined;
};
