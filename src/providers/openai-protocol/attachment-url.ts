import type { Attachment } from '../../domain/attachment.ts';

/** Returns the URL of a file for a provider of OpenAI's protocols: its own, or one with its content. */
export const attachmentUrl = ({ mediaType, data }: Attachment): string =>
  typeof data === 'string' ? `data:${mediaType};base64,${data}` : data.href;
