import { type JsonPlace, jsonPlaces } from './json-places.ts';

const openingTag = /<(?:final_)?answer>/gi;

/** How many tags are looked at: the last ones. */
const MOST_TAGS = 100;

/**
 * Returns the values in the last `<answer>…</answer>` of a text; all values if it has no such tag. Returns a reason if
 * the tag holds no JSON.
 */
export function answerPart(text: string, places: readonly JsonPlace[]): readonly JsonPlace[] | string {
  if (!text.includes('nswer>') && !text.includes('NSWER>')) return places;
  const contents = contentStarts(text);
  const lastClose = text.lastIndexOf('</');
  for (const start of contents.slice(-MOST_TAGS).toReversed()) {
    const at = text.lastIndexOf('<', start);
    const isClosed = start <= lastClose;
    // A tag that is never closed may be one of which the text only speaks.
    if (!isClosed && start !== contents.at(-1)) continue;
    if (places.some((place) => place.start < at && at < place.end)) continue;
    const inTag = jsonPlaces(text, start, isClosed ? text.indexOf('</', start) : text.length);
    if (typeof inTag === 'string') return inTag;
    if (inTag.length > 0) return inTag.map((place) => ({ ...place, isTagged: true }));
    if (isClosed) return 'the marked answer is not JSON';
  }
  return places;
}

/** Returns where the opening tags of a text end. */
function contentStarts(text: string): readonly number[] {
  const starts: number[] = [];
  openingTag.lastIndex = 0;
  while (openingTag.test(text)) starts.push(openingTag.lastIndex);
  return starts;
}
