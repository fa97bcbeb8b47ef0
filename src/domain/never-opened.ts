import { readSafely } from './foreign.ts';
import { isObject } from './is-object.ts';

/** The codes of Node, undici and Bun for a host that is not found, or that no connection reaches. */
const UNREACHED =
  /^(E(CONNREFUSED|NOTFOUND|AI_[A-Z]+|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|ADDRNOTAVAIL)|UND_ERR_(CONNECT_TIMEOUT|PRX_TLS)|ConnectionRefused|FailedToOpenSocket)$/;

/** The codes of a certificate that is not accepted. */
const CERTIFICATE =
  /CERT|^CRL_|^UNABLE_TO_|^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$|^ERR_TLS_(HANDSHAKE|PROTOCOL)/;

/** The codes of OpenSSL for a handshake that fails. A connection that is open can break with others of its codes. */
const HANDSHAKE =
  /WRONG_VERSION_NUMBER|HANDSHAKE_FAILURE|PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|UNRECOGNIZED_NAME|NO_(SHARED_CIPHER|APPLICATION_PROTOCOL)|UNKNOWN_CA|CERTIFICATE|INSUFFICIENT_SECURITY/;

/** The messages of errors without such a code: of TLS in Node, of `fetch` in Deno, of a proxy, and of a blocked port. */
const UNOPENED =
  /before secure TLS connection was established|client error \(Connect\)|when HTTP Tunneling|^bad port$/;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** How deep causes are followed: the SDKs wrap errors up to three times. */
const DEEPEST = 5;

/**
 * Whether an error, or its cause, says that no connection was opened. Then nothing was sent, and nothing is billed. An
 * error that several addresses have must say so for each of them.
 */
export const neverOpened = (error: unknown, depth = 0): boolean => {
  if (!isObject(error) || depth > DEEPEST) return false;
  const syscall = readSafely(error, 'syscall');
  if (syscall === 'connect' || textOf(syscall).startsWith('getaddrinfo')) return true;
  const code = textOf(readSafely(error, 'code'));
  const message = textOf(readSafely(error, 'message'));
  const errors = readSafely(error, 'errors');
  if (/^(EPROTO|ERR_SSL_)/.test(code)) {
    return HANDSHAKE.test(`${code} ${message.toUpperCase().replaceAll(' ', '_')}`);
  }
  // The same codes of a connection that is open have the name of what it did.
  if (syscall === 'read' || syscall === 'write') return false;
  return (
    UNREACHED.test(code) ||
    CERTIFICATE.test(code) ||
    UNOPENED.test(message) ||
    (Array.isArray(errors) && errors.length > 0 && errors.every((each) => neverOpened(each, depth + 1))) ||
    neverOpened(readSafely(error, 'cause'), depth + 1)
  );
};
