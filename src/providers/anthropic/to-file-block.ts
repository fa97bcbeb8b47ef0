import type {
  Base64ImageSource,
  DocumentBlockParam,
  ImageBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Attachment } from '../../domain/attachment.ts';
import { given } from '../../domain/given.ts';
import { cannotBeSent } from '../cannot-be-sent.ts';

const IMAGES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** The types of files that are texts, besides those of `text/`. */
const TEXTS =
  /^(?:text\/.+|application\/(?:json|xml|yaml|x-yaml|toml|sql|javascript|[\w.-]+\+(?:json|xml|yaml)))$/;

/**
 * Converts an image, a PDF file or a file of text. The API reads every text as plain text.
 *
 * @throws {InvalidRequestError} for another file, and for a URL that is not of the web.
 */
export const toFileBlock = (model: string, file: Attachment): ImageBlockParam | DocumentBlockParam => {
  const { data, filename } = file;
  const mediaType = file.mediaType === 'image/jpg' ? 'image/jpeg' : file.mediaType;
  const title = given({ title: filename });
  if (data instanceof URL) {
    if (!/^https?:$/.test(data.protocol)) throw cannotBeSent(model, 'URLs other than those of the web');
    const source = { type: 'url', url: data.href } as const;
    if (mediaType.startsWith('image/')) return { type: 'image', source };
    if (mediaType === 'application/pdf') return { type: 'document', source, ...title };
    throw cannotBeSent(model, `URLs of ${mediaType}`);
  }
  if (mediaType === 'application/pdf')
    return { type: 'document', source: { type: 'base64', media_type: mediaType, data }, ...title };
  if (mediaType.startsWith('image/')) {
    if (!IMAGES.includes(mediaType)) throw cannotBeSent(model, `${mediaType}, but ${IMAGES.join(', ')}`);
    const media_type = mediaType as Base64ImageSource['media_type'];
    return { type: 'image', source: { type: 'base64', media_type, data } };
  }
  if (!TEXTS.test(mediaType)) throw cannotBeSent(model, `files of the type ${mediaType}`);
  const source = { type: 'text', media_type: 'text/plain', data: textIn(data) } as const;
  return { type: 'document', source, ...title };
};

const textIn = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
