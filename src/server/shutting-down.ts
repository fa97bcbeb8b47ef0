import { RequestRefusal } from './request-refusal.ts';

/** Why a server that is closed accepts no request, and aborts what is left. */
export const shuttingDown = (): RequestRefusal =>
  new RequestRefusal({
    status: 503,
    type: 'server_error',
    code: 'shutting_down',
    message: 'the server is shutting down; ask another one, or this one again later',
  });
