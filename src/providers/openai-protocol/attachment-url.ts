import { type Attachment, OwnAttachment } from '../../domain/attachment.ts';

/** Returns the URL of a file for a provider of OpenAI's protocols: its own, or one with its content. */
export const attachmentUrl = (file: Attachment): string =>
  (file instanceof OwnAttachment ? file : new OwnAttachment(file)).url;
