import { sha256Of } from '../server/digests.ts';

/** A bounded memory of explanations. What one key asked, another does not see. */
export interface Explanations {
  add(id: string, owner: string, text: string): void;
  find(id: string, owner: string): string | undefined;
}

export const rememberExplanations = (most: number): Explanations => {
  const texts = new Map<string, string>();
  const place = (id: string, owner: string): string => `${owner} ${id}`;
  return {
    add(id, owner, text) {
      texts.set(place(id, owner), text);
      const [oldest] = texts.keys();
      if (texts.size > most && oldest !== undefined) texts.delete(oldest);
    },
    find: (id, owner) => texts.get(place(id, owner)),
  };
};

/** Returns a digest of the key of a request. */
export const ownerOf = (request: Request | undefined): Promise<string> =>
  sha256Of(`${request?.headers.get('authorization') ?? ''}\n${request?.headers.get('x-api-key') ?? ''}`);
