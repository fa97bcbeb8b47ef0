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

type CalledModel = Pick<EventOf<'model:start'>, 'model' | 'provider' | 'modelId'>;

/** Returns the attributes of a prediction's span at its start. */
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

/** Returns the attributes of a prediction's span at its end. Costs and tokens are on the spans of its calls. */
export const predictionStop = ({
  status,
  consensus,
  quorum,
  confidence,
  successes,
  failures,
  abstentions,
  cancelled,
  grouping,
  decision,
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
  [CRUCIBLE.grouping]: grouping,
  [CRUCIBLE.decider]: decision?.by,
  [CRUCIBLE.decision]: decision?.status,
  [CRUCIBLE.missing]: result.metadata.missing.map(({ model }) => model),
});

/** Returns the attributes that name a model. */
export const modelAttributes = ({ model, provider, modelId = model }: CalledModel): Attributes => ({
  [GEN_AI.provider]: providerName(provider),
  [GEN_AI.requestModel]: modelId,
  [CRUCIBLE.model]: model,
});

/** Returns the attributes of an attempt's span at its start. */
export const callStart = (event: EventOf<'model:start'>): Attributes => ({
  [GEN_AI.operation]: OPERATION.chat,
  ...modelAttributes(event),
  [CRUCIBLE.call]: event.call,
  [CRUCIBLE.role]: event.role,
  [CRUCIBLE.attempt]: event.attempt,
});

/** Returns the attributes of an attempt's span at its end. */
export const callEnd = (event: CallEnd, isLeaf: boolean, conventions: Conventions): Attributes => {
  const { firstTokenMs, costUsd, costSource } = event;
  return {
    [GEN_AI.timeToFirstChunk]: firstTokenMs === undefined ? undefined : firstTokenMs / 1000,
    ...(event.type === 'model:stop' && response(event, isLeaf, conventions)),
    ...(isLeaf && { [CRUCIBLE.costUsd]: costUsd, [CRUCIBLE.costSource]: costSource }),
  };
};

const response = (
  { usage, finishReason, status, role, confidence, isCached, requestId, served }: EventOf<'model:stop'>,
  isLeaf: boolean,
  { cacheWriteTokens }: Conventions,
): Attributes => ({
  [GEN_AI.finishReasons]: finishReason === undefined ? undefined : [finishReasonName(finishReason)],
  [GEN_AI.responseId]: served?.id,
  [GEN_AI.responseModel]: served?.model,
  // A call with a role has no vote.
  [CRUCIBLE.vote]: role === undefined ? status : undefined,
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

/** Returns the strings, numbers and booleans of the caller's metadata, which attributes can hold. */
const metadataAttributes = (metadata: Readonly<Record<string, unknown>> = {}): Attributes =>
  Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[`${CRUCIBLE.metadata}${key}`, value]]
        : [],
    ),
  );
