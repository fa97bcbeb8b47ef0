import type { Route } from './route.ts';

/** `GET /healthz`: the process runs. `GET /readyz`: it accepts predictions. Both need no key. */
export const healthRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/healthz',
    isOpen: true,
    async handle(exchange) {
      exchange.end();
      return Response.json({ status: 'ok' });
    },
  },
  {
    method: 'GET',
    path: '/readyz',
    isOpen: true,
    async handle(exchange, door) {
      exchange.end();
      return door.isClosing()
        ? Response.json({ status: 'closing' }, { status: 503 })
        : Response.json({ status: 'ready', ensembles: Object.keys(door.ensembles).length });
    },
  },
];
