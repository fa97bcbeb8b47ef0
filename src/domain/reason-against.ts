import { unusableReason } from './call-result.ts';
import { internal } from './internal.ts';
import type { ModelResponse } from './model.ts';
import { attemptListener, type ModelRequest } from './request.ts';

/**
 * Returns why a response does not count for the ensemble that made the request, and `undefined` if it does. The one place at
 * which policies learn this.
 */
export const reasonAgainst = (
  response: ModelResponse,
  request: ModelRequest,
): string | undefined | Promise<string | undefined> => {
  const call = request[internal];
  if (call?.reasonAgainst !== undefined) return call.reasonAgainst(response);
  if (attemptListener(request)?.acceptsUnfinished === true) return undefined;
  try {
    return unusableReason(response);
  } catch {
    // A response that cannot be read: the ensemble reports it.
    return undefined;
  }
};
