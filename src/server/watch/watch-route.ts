import { hasMethods } from '../../options.ts';
import { everyCaller } from '../callers.ts';
import type { KeyedCallers, KeySpending } from '../create-callers.ts';
import { eventStream, eventStreamHeaders } from '../event-stream.ts';
import type { Exchange } from '../exchange.ts';
import { RequestRefusal } from '../request-refusal.ts';
import type { Door, Route } from '../route.ts';
import type { Watch } from './create-watch.ts';

/** How many feeds may be open. */
const MAX_FEEDS = 64;

/**
 * `GET /v1/predictions/recent`: what the server has done, as JSON, and as a stream of events for a client that accepts one.
 *
 * @param operators the names of the keys that may see what all keys do.
 */
export const watchRoute = (watch: Watch, operators: readonly string[]): Route => {
  let feeds = 0;
  return {
    method: 'GET',
    path: '/v1/predictions/recent',
    async handle(exchange, door) {
      refuseOthers(exchange, door, operators);
      const keys = keysOf(door);
      const isFeed = (exchange.request.headers.get('accept') ?? '').includes('text/event-stream');
      if (isFeed && feeds >= MAX_FEEDS) throw tooManyFeeds();
      // A server that closes waits for no reader of a feed.
      exchange.end();
      if (!isFeed)
        return Response.json({ ...watch.state(), keys }, { headers: { 'cache-control': 'no-store' } });
      feeds += 1;
      const feed = watch.feed();
      let isOpen = true;
      const leave = (): void => {
        if (isOpen) feeds -= 1;
        isOpen = false;
      };
      const frames: typeof feed = {
        async next() {
          const step = await feed.next();
          if (step.done === true) {
            leave();
            return step;
          }
          return {
            done: false,
            value: step.value.map(({ event, data }) => ({
              ...(event !== undefined && { event }),
              data: { ...(data as object), keys: keysOf(door) },
            })),
          };
        },
        async return() {
          leave();
          await feed.return?.();
          return { done: true, value: undefined };
        },
      };
      return new Response(eventStream(frames, door.keepAliveMs), { headers: eventStreamHeaders });
    },
  };
};

/** What each key has spent of its budget. */
const keysOf = ({ callers }: Door): readonly KeySpending[] =>
  hasMethods(callers, 'spending') ? (callers as KeyedCallers).spending().slice(0, 100) : [];

const refuseOthers = ({ caller }: Exchange, { callers }: Door, operators: readonly string[]): void => {
  if (callers === everyCaller || (caller.name !== undefined && operators.includes(caller.name))) return;
  throw new RequestRefusal({
    status: 403,
    type: 'permission_error',
    code: 'not_an_operator',
    message: 'this key may not see what other keys do; the option "operators" of "page" names those that may',
  });
};

const tooManyFeeds = (): RequestRefusal =>
  new RequestRefusal({
    status: 429,
    type: 'rate_limit_error',
    code: 'too_many_feeds',
    message: `${MAX_FEEDS} clients follow the predictions already`,
  });
