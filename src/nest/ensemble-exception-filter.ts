import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { CrucibleError } from '../domain/errors.ts';
import { toHttpError } from '../server/to-http-error.ts';
import { type AdapterResponse, nodeResponse } from './http.ts';

interface Reply extends AdapterResponse {
  status(status: number): Reply;
  header(name: string, value: string): Reply;
  send(body: object): unknown;
}

/**
 * Answers requests whose prediction is not possible with the status of `toHttpError`: for example 424 if the panel failed, 402
 * if the budget is spent, 400 for an invalid query, in the form of Nest's own errors:
 * `{ "statusCode": 424, "error": "AllModelsFailedError", "message": … }`. Without it Nest answers with status 500.
 *
 * It catches the errors of this library alone, in requests of HTTP.
 *
 * @example
 * ```ts no-run
 * import { NestFactory } from '@nestjs/core';
 * import { EnsembleExceptionFilter } from 'crucible-ensemble/nest';
 *
 * const app = await NestFactory.create(AppModule);
 * app.useGlobalFilters(new EnsembleExceptionFilter());
 * ```
 */
export class EnsembleExceptionFilter implements ExceptionFilter<CrucibleError> {
  catch(error: CrucibleError, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const reply = host.switchToHttp().getResponse<Reply>();
    if (nodeResponse(reply).headersSent) return;
    const { status, code, message, param, retryAfterMs } = toHttpError(error);
    reply.status(status);
    // An ensemble that failed has retried already, so that a client that asks again pays again.
    if (status !== 503) reply.header('x-should-retry', 'false');
    // The server that closes would wait for a connection that is kept for a next request.
    else reply.header('connection', 'close');
    if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    reply.send({ statusCode: status, error: code, message, ...(param !== undefined && { param }) });
  }
}

Catch(CrucibleError)(EnsembleExceptionFilter);
