import type { ReasoningEffort } from '../domain/reasoning-effort.ts';
import { type ModelRequest, warnOf } from '../domain/request.ts';
import { type KnownModel, nearestEffort } from './refused-settings.ts';

/** Returns the effort that a model is sent in place of the one that is asked. Warns of a difference. */
export const effortSent = (
  id: string,
  request: ModelRequest,
  asked: ReasoningEffort,
  known: KnownModel,
): ReasoningEffort => {
  const sent = nearestEffort(asked, known);
  if (sent !== asked)
    warnOf(
      request,
      `${id} does not take the setting "reasoningEffort" as "${asked}": it was sent as "${sent}"`,
    );
  return sent;
};
