import { RequestRefusal } from './request-refusal.ts';

const THIS_MACHINE = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/i;

/**
 * Refuses what a page of another site makes a browser send to a server without keys: requests of another origin, and those
 * to a name that such a site had pointed at this machine.
 *
 * @param hosts the names by which the server may be called. Default: those of this machine.
 * @param origins the other origins whose pages may ask.
 * @throws {RequestRefusal} with status 403.
 */
export const checkSender = (
  { headers }: Request,
  { host, hostname }: URL,
  { hosts, origins }: { readonly hosts: readonly string[] | undefined; readonly origins: readonly string[] },
): void => {
  if (!(hosts?.includes(hostname.toLowerCase()) ?? THIS_MACHINE.test(hostname)))
    throw forbidden(
      'forbidden_host',
      'without keys the server answers only at the names of its own machine, such as localhost; configure keys; in code, the option "hosts" of createEnsembleHandler names others',
    );
  const origin = headers.get('origin');
  if (origin === null || origins.includes(origin)) return;
  if (!URL.canParse(origin) || new URL(origin).host !== host)
    throw forbidden(
      'forbidden_origin',
      'without keys the server answers no page of another origin; the option "origins" names those that may ask',
    );
};

const forbidden = (code: string, message: string): RequestRefusal =>
  new RequestRefusal({ status: 403, type: 'invalid_request_error', code, message });
