import { OwnAttachment } from '../../domain/attachment.ts';
import { isA } from '../../domain/foreign.ts';
import type { FilePart, ImagePart } from '../../domain/message.ts';
import { shown } from '../../options.ts';

/** An attachment, or what is wrong with the part that it would be made of. */
export type Attached = OwnAttachment | { readonly fault: string };

/** Returns the attachment of a part. One of a request is used again, without what it has encoded. */
export const toAttachment = (part: ImagePart | FilePart): Attached => {
  if (part instanceof OwnAttachment) return part.copy();
  const { type, mediaType } = part;
  const filename = type === 'file' ? part.filename : undefined;
  if (mediaType !== undefined && !isMediaType(mediaType))
    return {
      fault: `.mediaType must be a media type, such as 'image/png', but got ${shown(mediaType)}`,
    };
  if (filename !== undefined && typeof filename !== 'string')
    return { fault: `.filename must be a string, but got ${shown(filename)}` };
  const name = type === 'image' ? 'image' : 'data';
  const given: unknown = type === 'image' ? part.image : part.data;
  const content = contentOf(given);
  if (content === undefined) return { fault: `.${name} ${faultOf(given, part)}` };
  const { data, mediaType: own } = content;
  const stated = mediaType ?? own;
  // Providers ask for the exact type, and a caller may know only that it is an image.
  const found = stated === undefined || stated.endsWith('/*') ? inContent(data) : undefined;
  const known = found ?? stated ?? (data instanceof URL ? ofLink(type) : undefined);
  if (known === undefined)
    return {
      fault: ".mediaType is missing, and the content does not say it; give it, such as 'application/pdf'",
    };
  return new OwnAttachment({ data, mediaType: known, filename });
};

const isMediaType = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 100 && /^[a-z]+\/[\w.+*-]+$/i.test(value);

/** A URL of an image needs no type: providers look at the image. */
const ofLink = (type: 'image' | 'file'): string | undefined => (type === 'image' ? 'image/*' : undefined);

/** The content of a file, and its type if the content says it. */
interface Content {
  readonly data: Uint8Array | string | URL;
  readonly mediaType?: string | undefined;
}

const contentOf = (given: unknown): Content | undefined => {
  if (isEmpty(given)) return undefined;
  if (isA(given, Uint8Array)) return { data: given };
  if (isA(given, ArrayBuffer)) return { data: new Uint8Array(given) };
  if (isA(given, URL)) return ofUrl(given.href);
  if (typeof given !== 'string' || given === '') return undefined;
  if (/^[a-z][a-z\d+.-]{1,15}:/i.test(given)) return ofUrl(given);
  return isBase64(given) ? { data: given } : undefined;
};

/** Whether there are no bytes: an empty file, or a buffer that was handed to another thread. */
const isEmpty = (given: unknown): boolean =>
  (isA(given, Uint8Array) || isA(given, ArrayBuffer)) && given.byteLength === 0;

/** Addresses that providers fetch: the web, and Google's storage. */
const FETCHED = /^(?:https?|gs):\/\//i;

const ofUrl = (url: string): Content | undefined => {
  if (FETCHED.test(url) && URL.canParse(url)) return { data: new URL(url) };
  const [start, mediaType] = /^data:([a-z]+\/[\w.+-]+)?(?:;[\w.=-]+)*;base64,/i.exec(url) ?? [];
  if (start === undefined) return undefined;
  const base64 = url.slice(start.length);
  return isBase64(base64) ? { data: base64, mediaType } : undefined;
};

/** Tested in pieces: a pattern for the whole of 20 MB would be as fast, but may end the stack of some engines. */
const isBase64 = (text: string): boolean => {
  if (text === '' || text.length % 4 !== 0) return false;
  const PIECE = 0x10000;
  for (let at = 0; at + PIECE < text.length; at += PIECE)
    if (!/^[A-Za-z0-9+/]*$/.test(text.slice(at, at + PIECE))) return false;
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text.slice(Math.floor((text.length - 1) / PIECE) * PIECE));
};

const faultOf = (given: unknown, part: object): string => {
  if (given === undefined && 'sha256' in part)
    return 'is missing: the part is a description that was read back from JSON, so give the content again';
  if (typeof given === 'string' && /^[a-z][a-z\d+.-]{1,15}:/i.test(given))
    return given.startsWith('data:')
      ? 'is a data: URL without valid base64 in it'
      : 'is a URL that no provider fetches; read the file and give its bytes';
  if (isEmpty(given)) return 'has no bytes; check where they come from';
  const got = typeof given === 'string' ? `a string of ${given.length} characters` : shown(given);
  return `must be bytes, base64, or a URL, but got ${got}`;
};

/** The first bytes of files, in hexadecimal, and their types. */
const signatures: readonly (readonly [start: RegExp, mediaType: string])[] = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^47494638/, 'image/gif'],
  [/^52494646.{8}57454250/, 'image/webp'],
  [/^424d/, 'image/bmp'],
  [/^(?:49492a00|4d4d002a)/, 'image/tiff'],
  [/^.{8}66747970(?:61766966|61766973)/, 'image/avif'],
  [/^.{8}66747970(?:68656963|68656978|6d696631)/, 'image/heic'],
  [/^25504446/, 'application/pdf'],
  [/^52494646.{8}57415645/, 'audio/wav'],
  [/^(?:494433|fffb|fff3|fff2)/, 'audio/mpeg'],
  [/^664c6143/, 'audio/flac'],
  [/^4f676753/, 'audio/ogg'],
];

const START_BYTES = 12;

/** Returns the type that a content itself says; `undefined` if it says none, or another host has it. */
const inContent = (data: Uint8Array | string | URL): string | undefined =>
  data instanceof URL ? undefined : sniffed(data);

/** Returns the type that the first bytes of a content say. */
const sniffed = (data: Uint8Array | string): string | undefined => {
  const start =
    typeof data === 'string'
      ? Array.from(atob(data.slice(0, (START_BYTES / 3) * 4)), (character) => character.charCodeAt(0))
      : Array.from(data.subarray(0, START_BYTES));
  const hex = start.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return signatures.find(([signature]) => signature.test(hex))?.[1];
};
