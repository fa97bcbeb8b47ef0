import type { Attributes } from '@opentelemetry/api';
import type { EventOf } from '../event.ts';
import {
  type Conventions,
  CRUCIBLE,
  finishReasonName,
  GEN_AI,
  OPERATION,
  providerName,
} from './conventions.ts';
import type { CallEnd } from './endings.ts';

type Asked = Pick<EventOf<'model:start'>, 'model' | 'provider' | 'modelId'>;

/** What the span of a prediction says from its start. */
export const predictionStart = (
  { ensemble, models, strategy, execution, metadata }: EventOf<'predict:start'>,
  { workflowName }: Conventions,
): Attributes => ({
  [GEN_AI.operation]: OPERATION.workflow,
  [workflowName]: ensemble,
  [CRUCIBLE.models]: [...models],
  [CRUCIBLE.strategy]: strategy,
  [CRUCIBLE.execution]: execution,
  ...metadataAttributes(metadata),
});

/** What the span of a prediction that was made says at its end. No costs or tokens: those are its calls'. */
export const predictionStop = ({
  status,
  consensus,
  quorum,
  confidence,
  successes,
  failures,
  abstentions,
  cancelled,
  result,
}: EventOf<'predict:stop'>): Attributes => ({
  [CRUCIBLE.status]: status,
  [CRUCIBLE.consensus]: consensus,
  [CRUCIBLE.quorum]: quorum,
  [CRUCIBLE.confidence]: confidence,
  [CRUCIBLE.successes]: successes,
  [CRUCIBLE.failures]: failures,
  [CRUCIBLE.abstentions]: abstentions,
  [CRUCIBLE.cancelled]: cancelled,
  [CRUCIBLE.missing]: result.metadata.missing.map(({ model }) => model),
});

/** Who is asked. */
export const asked = ({ model, provider, modelId = model }: Asked): Attributes => ({
  [GEN_AI.provider]: providerName(provider),
  [GEN_AI.requestModel]: modelId,
  [CRUCIBLE.model]: model,
});

/** What the span of an attempt of a call says from its start. */
export const callStart = (event: EventOf<'model:start'>): Attributes => ({
  [GEN_AI.operation]: OPERATION.chat,
  ...asked(event),
  [CRUCIBLE.call]: event.call,
  [CRUCIBLE.attempt]: event.attempt,
});

/** What the span of an attempt of a call says at its end. */
export const callEnd = (event: CallEnd, isLeaf: boolean, conventions: Conventions): Attributes => {
  const { firstTokenMs, costUsd, costSource } = event;
  return {
    [GEN_AI.timeToFirstChunk]: firstTokenMs === undefined ? undefined : firstTokenMs / 1000,
    ...(event.type === 'model:stop' && response(event, isLeaf, conventions)),
    ...(isLeaf && { [CRUCIBLE.costUsd]: costUsd, [CRUCIBLE.costSource]: costSource }),
  };
};

const response = (
  { usage, finishReason, status, confidence, isCached, requestId, served }: EventOf<'model:stop'>,
  isLeaf: boolean,
  { cacheWriteTokens }: Conventions,
): Attributes => ({
  [GEN_AI.finishReasons]: finishReason === undefined ? undefined : [finishReasonName(finishReason)],
  [GEN_AI.responseId]: served?.id,
  [GEN_AI.responseModel]: served?.model,
  [CRUCIBLE.vote]: status,
  [CRUCIBLE.confidence]: confidence,
  [CRUCIBLE.cached]: isCached,
  [CRUCIBLE.requestId]: requestId,
  ...(usage !== undefined &&
    isLeaf &&
    !isCached && {
      [GEN_AI.inputTokens]: usage.inputTokens,
      [GEN_AI.outputTokens]: usage.outputTokens,
      [GEN_AI.cacheReadTokens]: usage.cachedInputTokens,
      [cacheWriteTokens]: usage.cacheWriteTokens,
      [GEN_AI.reasoningTokens]: usage.reasoningTokens,
    }),
});

/** Of the caller's metadata, what an attribute can hold. */
const metadataAttributes = (metadata: Readonly<Record<string, unknown>> = {}): Attributes =>
  Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[`${CRUCIBLE.metadata}${key}`, value]]
        : [],
    ),
  );
