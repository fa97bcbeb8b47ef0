import type { Attachment } from './attachment.ts';
import { attachmentsIn } from './message.ts';
import type { ModelRequest } from './request.ts';

/** What a request may hold besides text. Files of other types are `file`; `-url` means that the provider fetches it. */
export type RequestFeature =
  | 'image'
  | 'image-url'
  | 'pdf'
  | 'pdf-url'
  | 'audio'
  | 'audio-url'
  | 'file'
  | 'file-url'
  | 'tools';

/** The kind of a file by its media type. */
const kindOfFile = ({ mediaType }: Pick<Attachment, 'mediaType'>): 'image' | 'pdf' | 'audio' | 'file' => {
  if (mediaType.startsWith('image/')) return 'image';
  if (mediaType.startsWith('audio/')) return 'audio';
  return mediaType === 'application/pdf' ? 'pdf' : 'file';
};

/** Returns what a request holds besides text, each once. */
export const featuresOf = ({ messages, tools }: ModelRequest): ReadonlySet<RequestFeature> => {
  const features = new Set<RequestFeature>(tools === undefined ? [] : ['tools']);
  for (const { role, content } of messages) {
    if (role === 'tool') features.add('tools');
    if (typeof content === 'string') continue;
    if (content.some(({ type }) => type === 'tool-call')) features.add('tools');
    for (const file of attachmentsIn(content)) {
      const kind = kindOfFile(file);
      features.add(file.isLink ? `${kind}-url` : kind);
    }
  }
  return features;
};
