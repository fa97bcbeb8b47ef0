import { AISDKError, APICallError } from '@ai-sdk/provider';
import { isA } from '../../domain/foreign.ts';
import { CancelledError } from '../../domain/no-prediction.ts';
import { toHttpError } from '../../server/to-http-error.ts';

/**
 * Returns the error that the AI SDK receives. A failed ensemble has retried already, so that none is retryable: the AI SDK would
 * pay for the whole ensemble three times. If the caller aborted, it is the reason of the signal. `cause` is the error of the
 * ensemble, with the account of its calls.
 */
export const toCallError = (error: unknown, modelId: string, signal: AbortSignal | undefined): unknown => {
  if (isA(error, CancelledError) && signal?.aborted === true) return signal.reason;
  if (AISDKError.isInstance(error)) return error;
  const { status, code, message } = toHttpError(error);
  return new APICallError({
    // The message of a foreign error is not repeated: it may hold keys.
    message: status === 500 ? 'the ensemble failed; the cause of this error says why' : message,
    url: `crucible-ensemble:${modelId}`,
    requestBodyValues: {},
    statusCode: status,
    isRetryable: false,
    data: { code },
    cause: error,
  });
};
