import { constants, open, realpath } from 'node:fs/promises';
import { dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { OwnAttachment } from '../../domain/attachment.ts';
import { plainName } from '../../domain/quoting.ts';
import { toAttachment } from '../../engine/request/file-data.ts';
import { MAX_HELD_BYTES, type Row } from './row.ts';

/** The fields of a dataset that name files, and where these may be. */
export interface FileFields {
  /** The path of the dataset. */
  readonly dataset: string;
  readonly fileFields: readonly string[];
  /** Whether files may be outside of the folder of the dataset. */
  readonly allowOutside: boolean;
}

/** The files of a row as attachments, and what is wrong with them. */
export interface RowFiles {
  readonly attachments: readonly OwnAttachment[];
  readonly faults: readonly string[];
  /** The number of bytes that they have; content within the row is not counted. */
  readonly bytes: number;
}

/**
 * Reads the files that a row names. With `isCheck`, reads the first bytes of each only, which say its type. Faults quote
 * nothing of the row.
 */
export const filesOf = async (
  row: Pick<Row, 'get'>,
  fields: FileFields,
  isCheck = false,
): Promise<RowFiles> => {
  const attachments: OwnAttachment[] = [];
  const faults: string[] = [];
  let held = 0;
  for (const field of fields.fileFields) {
    const named = namesIn(row.get(field));
    if (named.length > MAX_FILES) faults.push(`${plainName(field)} names more than ${MAX_FILES} files`);
    for (const [index, name] of named.slice(0, MAX_FILES).entries()) {
      const place = named.length === 1 ? plainName(field) : `${plainName(field)}[${index}]`;
      const label = named.length === 1 ? field : `${field}-${index + 1}`;
      try {
        const read = await attached(name, label, fields, isCheck);
        held += read.bytes;
        if (held > MAX_HELD_BYTES)
          throw new FileFault(` is too large: a row may have ${MAX_HELD_BYTES} bytes of files`);
        attachments.push(read.attachment);
      } catch (error) {
        faults.push(`${place}${faultOf(error)}`);
        if (held > MAX_HELD_BYTES) return { attachments, faults, bytes: held };
      }
    }
  }
  return { attachments, faults, bytes: held };
};

/** The maximum number of files that a field may name. */
const MAX_FILES = 1000;

/** Whether a row has anything in a field for files. */
export const hasFiles = (row: Row, field: string): boolean => namesIn(row.get(field)).length > 0;

const namesIn = (cell: unknown): readonly unknown[] => {
  if (Array.isArray(cell)) return cell;
  return cell === undefined || cell === null || cell === '' ? [] : [cell];
};

/** What is wrong with a file, after the place in which it is named. */
class FileFault extends Error {}

const faultOf = (error: unknown): string => {
  if (error instanceof FileFault) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code === 'ENOENT'
    ? ': there is no such file; paths are relative to the folder of the dataset'
    : `: the file cannot be read (${code})`;
};

/** An attachment, and how many bytes of a file it has. */
interface Attached {
  readonly attachment: OwnAttachment;
  readonly bytes: number;
}

const attached = async (
  name: unknown,
  label: string,
  fields: FileFields,
  isCheck: boolean,
): Promise<Attached> => {
  if (typeof name !== 'string' || name === '')
    throw new FileFault(' must be the path of a file, an http(s) URL, or an array of them');
  // `data:` too; a Windows drive has no slashes after its colon.
  if (/^(?:data:|[a-z][a-z\d+.-]*:\/\/)/i.test(name)) return { attachment: ofUrl(name), bytes: 0 };
  const path = await realPathOf(name, fields);
  const mediaType = mediaTypes[extname(path).toLowerCase()];
  const { data, bytes } = await contentOf(path, isCheck);
  // The name of a file often tells the right answer, so the model sees that of the field.
  const filename = `${label}${extname(path)}`;
  // The content says its type in its first bytes, or else the extension does.
  const known = toAttachment({ type: 'file', data, filename });
  const attachment =
    'fault' in known && mediaType !== undefined
      ? toAttachment({ type: 'file', data, filename, mediaType })
      : known;
  if ('fault' in attachment)
    throw new FileFault(
      `: neither the content nor the extension says the type of the file; known extensions are ${Object.keys(mediaTypes).join(', ')}`,
    );
  return { attachment, bytes };
};

/** A URL with an unknown extension is that of an image: providers look at the image. */
const ofUrl = (url: string): OwnAttachment => {
  const mediaType = url.startsWith('data:') ? undefined : mediaTypes[extname(pathnameOf(url)).toLowerCase()];
  const made =
    mediaType === undefined
      ? toAttachment({ type: 'image', image: url })
      : toAttachment({ type: 'file', data: url, mediaType });
  if ('fault' in made) throw new FileFault(made.fault.replace(/^\.\w+/, ''));
  return made;
};

const pathnameOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : '');

/** Returns the path of a file without links, inside of the folder of the dataset unless others are allowed. */
const realPathOf = async (name: string, { dataset, allowOutside }: FileFields): Promise<string> => {
  if (name.includes('\0')) throw new FileFault(' has a NUL character, which no path has');
  const folder = resolve(dirname(dataset));
  const path = resolve(folder, name);
  if (allowOutside) return realpath(path);
  const real = await realpath(folder);
  // Before the disk is asked: a path of Windows may name another host.
  if (!isWithin(folder, path) && !isWithin(real, path)) throw new FileFault(OUTSIDE);
  const file = await realpath(path);
  if (!isWithin(real, file)) throw new FileFault(OUTSIDE);
  return file;
};

const OUTSIDE =
  ' is outside of the folder of the dataset, also by a link; move the file into it, or set "allowOutside" if you trust the dataset';

const isWithin = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

/** The number of bytes that say a type. */
const START_BYTES = 12;

const contentOf = async (
  path: string,
  isCheck: boolean,
): Promise<{ readonly data: Buffer; readonly bytes: number }> => {
  // Opening a pipe would wait for a writer.
  const { O_RDONLY, O_NONBLOCK = 0 } = constants;
  const handle = await open(path, O_RDONLY | O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new FileFault(' is a folder; give a file');
    if (!stats.isFile()) throw new FileFault(' is not a file, but a pipe, a socket or a device');
    if (stats.size === 0) throw new FileFault(': the file is empty');
    if (stats.size > MAX_HELD_BYTES)
      throw new FileFault(
        ` is too large: the file has ${stats.size} bytes, and a row may have ${MAX_HELD_BYTES} bytes of files`,
      );
    if (!isCheck) return { data: await handle.readFile(), bytes: stats.size };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return { data: buffer.subarray(0, bytesRead), bytes: stats.size };
  } finally {
    await handle.close();
  }
};

/** The types of files by their extensions, if the content does not say the type. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};
