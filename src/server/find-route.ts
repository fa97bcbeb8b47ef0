import { RequestRefusal } from './request-refusal.ts';
import type { Route } from './route.ts';

/** The path of a URL. Some clients end it with a slash. */
export const pathIn = ({ pathname }: URL): string => pathname.replace(/(?<=.)\/$/, '');

const matches = ({ path }: Route, pathname: string): boolean =>
  path.endsWith('/*')
    ? pathname.startsWith(path.slice(0, -1)) && pathname.length >= path.length
    : path === pathname;

/** The route of a request; `undefined` if there is none. */
export const findRoute = (routes: readonly Route[], method: string, pathname: string): Route | undefined =>
  routes.find((route) => matches(route, pathname) && methodsOf(route).includes(method));

const methodsOf = ({ method }: Route): readonly string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method]);

/** Says that there is no such path, or which methods it has. */
export const routeNotFound = (routes: readonly Route[], method: string, pathname: string): RequestRefusal => {
  const allow = routes.filter((route) => matches(route, pathname)).flatMap(methodsOf);
  const isKnown = allow.length > 0;
  return new RequestRefusal({
    status: isKnown ? 405 : 404,
    type: 'invalid_request_error',
    code: isKnown ? 'method_not_allowed' : 'not_found',
    message: isKnown
      ? `expected ${allow.join(' or ')}, but got ${method}`
      : 'there is no such path; clients of OpenAI need a base URL that ends with /v1',
    ...(isKnown && { allow }),
  });
};
