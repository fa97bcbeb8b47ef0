import { hashAtOnce } from './hash-at-once.ts';
import { internal } from './internal.ts';
import { toBase64 } from './to-base64.ts';

/** What an attachment is made of. */
export interface AttachmentSource {
  readonly mediaType: string;
  readonly filename?: string | undefined;
  /** Bytes, base64, or a URL of another host. */
  readonly data: Uint8Array | string | URL;
}

/**
 * An image or another file of a request. Its content is not enumerable, so no log, error, journal or `inspect` prints it. As
 * JSON, it has its type, its size and its hash.
 */
export interface Attachment {
  readonly type: 'file';
  /** Such as `image/png`; `image/*` for the URL of an image of an unknown type. */
  readonly mediaType: string;
  readonly filename?: string;
  /** The size of the content, in bytes; absent for a URL. */
  readonly sizeBytes?: number;
  /** The content as base64, encoded once for all models; or the URL at which the provider finds it. */
  readonly data: string | URL;
}

/** An attachment that this library has made. */
export class OwnAttachment implements Attachment {
  readonly type = 'file';
  readonly mediaType: string;
  readonly filename?: string;
  readonly sizeBytes?: number;
  readonly #source: AttachmentSource;
  #url: string | undefined;
  #base64: string | undefined;
  #sha256: string | undefined;

  constructor(source: AttachmentSource) {
    const { mediaType, filename, data } = source;
    this.mediaType = mediaType;
    if (filename !== undefined) this.filename = filename;
    if (typeof data === 'string') this.sizeBytes = sizeOfBase64(data);
    else if (data instanceof Uint8Array) this.sizeBytes = data.byteLength;
    this.#source = source;
  }

  get [internal](): 'attachment' {
    return 'attachment';
  }

  get data(): string | URL {
    const { data } = this.#source;
    if (!(data instanceof Uint8Array)) return data;
    // A part of the text of the URL takes no memory of its own.
    this.#base64 ??= this.url.slice(this.#scheme.length);
    return this.#base64;
  }

  /** The URL of the content: its own, or a `data:` URL. All models share its text: one for each call would be a copy for each. */
  get url(): string {
    const { data } = this.#source;
    if (data instanceof URL) return data.href;
    this.#url ??= this.#scheme + (typeof data === 'string' ? data : toBase64(data));
    return this.#url;
  }

  get #scheme(): string {
    return `data:${this.mediaType};base64,`;
  }

  /** Whether the provider fetches the content from a URL. */
  get isLink(): boolean {
    return this.#source.data instanceof URL;
  }

  /** A new attachment with the same content, which has encoded nothing yet. */
  copy(): OwnAttachment {
    return new OwnAttachment(this.#source);
  }

  /** The number of characters of its base64 or of its URL. */
  get encodedLength(): number {
    const { data } = this.#source;
    if (data instanceof URL) return data.href.length;
    return typeof data === 'string' ? data.length : Math.ceil(data.byteLength / 3) * 4;
  }

  /**
   * What stands for the attachment in keys of caches and journals: equal contents have equal digests. Where the platform has
   * no digest at once, the content itself stands in it; keys are digests of it then.
   */
  toJSON(): Readonly<Record<string, unknown>> {
    const { type, mediaType, filename, sizeBytes } = this;
    const digest = this.#digest();
    const content = digest === undefined ? { data: String(this.data) } : { sha256: digest };
    return { type, mediaType, ...(filename !== undefined && { filename }), sizeBytes, ...content };
  }

  #digest(): string | undefined {
    this.#sha256 ??= hashAtOnce()?.('sha256', String(this.data), 'hex');
    return this.#sha256;
  }
}

/** Returns how many bytes a text in base64 has. */
const sizeOfBase64 = (base64: string): number => {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor((base64.length * 3) / 4) - padding;
};
