import { type Abstention, abstain } from '../../domain/normalizer.ts';
import { GREATER_THAN, SLASH, SPACE } from './character-codes.ts';
import { isNewline, isSpace, oneOf, skipBack, skipSpaces, standsAt } from './characters.ts';
import { finalChannel } from './harmony.ts';

/**
 * Returns a text without the hidden reasoning of the model: without what stands in `<think>`, `<reasoning>`,
 * `<scratchpad>` and their kin, in `[THINK]`, `◁think▷`, and in other Harmony channels than `final`. A closing tag
 * alone ends reasoning that began before the text. A tag that is only quoted (the `<think>` tag) stays.
 *
 * Abstains if nothing else is there.
 */
export function withoutReasoning(text: string): string | Abstention {
  if (!mayReason(text)) return text;
  const final = finalChannel(text);
  if (final === undefined) return unclosed('<|channel|>');
  const visible = withoutBlocks(final);
  if (typeof visible !== 'string' || visible.length === text.length) return visible;
  return isBlankText(visible) ? abstain("nothing follows the model's hidden reasoning") : visible;
}

const mayReason = (text: string): boolean =>
  text.includes('<') ||
  text.includes('\u25c1') ||
  text.startsWith('analysis') ||
  (text.includes('[') && BRACKETED.test(text));

/** Brackets are far more often those of lists. */
const BRACKETED = /\[\/?think/i;

const isBlankText = (text: string): boolean => skipSpaces(text, 0) === text.length;

const unclosed = (tag: string): Abstention =>
  abstain(`the text ends within the model's hidden reasoning: ${tag} is never closed`);

/** The names of tags of hidden reasoning, as a pattern. */
export const REASONING_TAGS = [
  '(?:ant|[a-z]{2,6}:)?think(?:ing)?(?:[_-]?process)?',
  'thoughts?(?:[_-]?process)?',
  'reason(?:ing)?(?:[_-]?(?:process|steps?))?',
  'rationale',
  'internal|private|hidden',
  'planning|plan|draft',
  '(?:inner[_-]?)?monologue',
  'self[_-](?:reflection|critique|talk|correction)',
  'scratch[_-]?pad',
  'reflect(?:ion|ing)',
  'analysis',
  'inn?er(?:nal)?[_-]?(?:monologue|thoughts?|reasoning|dialogue)',
  'internal[_-]?(?:monologue|thoughts?|reasoning|dialogue)',
  'chain[_-]of[_-]thoughts?',
  'cot',
  'deliberation',
].join('|');

const TAG = new RegExp(
  [
    `</?\\s?(${REASONING_TAGS})(?:\\s[^<>]{0,200})?>`,
    '<unused9[45]>',
    '\\[/?think(?:ing)?\\]',
    '\u25c1/?think(?:ing)?\u25b7',
    '<\\|(?:/|end_of_|end_|begin_of_|start_)?(?:think(?:ing)?|thought|reasoning)\\|>',
  ].join('|'),
  'gi',
);

interface Tag {
  readonly tag: string;
  /** Names the kind of tag: models close `<think>` with `</thinking>`. */
  readonly family: string;
  readonly closes: boolean;
  readonly at: number;
  readonly end: number;
}

/** A text with more tags is not read: it is a model that repeats itself. */
const MOST_TAGS = 1_000;

function tagsOf(text: string): Tag[] {
  const tags: Tag[] = [];
  TAG.lastIndex = 0;
  for (let match = TAG.exec(text); match !== null && tags.length <= MOST_TAGS; match = TAG.exec(text)) {
    const { index: at, 0: tag, 1: name } = match;
    const end = TAG.lastIndex;
    if (isQuoted(text, at, end)) continue;
    const closes =
      tag.charCodeAt(1) === SLASH ||
      tag.charCodeAt(2) === SLASH ||
      standsAt(tag, 2, 'end_') ||
      tag === '<unused95>';
    tags.push({ tag, family: familyOf(name), closes, at, end });
  }
  return tags;
}

const familyOf = (name = 'think'): string => (/think|^thought/i.test(name) ? 'think' : name.toLowerCase());

const quotes = oneOf('`"\'\u201c\u201d\u2018\u2019');

/** Whether a tag is spoken of: in quotation marks, or as "the <think> tag". */
const isQuoted = (text: string, at: number, end: number): boolean =>
  (quotes(text.charCodeAt(at - 1)) && quotes(text.charCodeAt(end))) ||
  (text.charCodeAt(end) === SPACE && /^ (?:tags?|block|token|section)\b/i.test(text.slice(end, end + 9))) ||
  (text.charCodeAt(at - 1) === SPACE &&
    /\b(?:an?|the|in|use|inside|within|with|no) $/i.test(text.slice(Math.max(0, at - 7), at)));

/** A block of reasoning that is open, and the end of the last tag that opened it. */
interface Block {
  readonly tag: string;
  readonly family: string;
  depth: number;
  end: number;
}

function withoutBlocks(text: string): string | Abstention {
  const tags = tagsOf(text);
  if (tags.length === 0) return text;
  if (tags.length > MOST_TAGS) return abstain(`the text has more than ${MOST_TAGS} tags of hidden reasoning`);
  const lastClosing = new Map(tags.filter(({ closes }) => closes).map(({ family, at }) => [family, at]));
  let visible = '';
  let from = 0;
  /** The outermost block first. There are only as many as there are families. */
  const open: Block[] = [];
  for (const { tag, family, closes, at, end } of tags) {
    const block = open.find((one) => one.family === family);
    if (closes) {
      if (block === undefined && open.length > 0) continue;
      if (block === undefined) visible = '';
      else if (--block.depth > 0) continue;
      else open.length = open.indexOf(block);
      if (open.length === 0) from = end;
    } else if (block !== undefined) {
      // Servers put `<think>` before the text of a model that begins with `<think>`.
      if (opensLine(text, at) && skipSpaces(text, block.end, at) < at) block.depth++;
      block.end = end;
    } else if (open.length > 0 || opensLine(text, at) || (lastClosing.get(family) ?? -1) > at) {
      if (open.length === 0) visible += text.slice(from, at);
      open.push({ tag, family, depth: 1, end });
    }
  }
  const [outermost] = open;
  if (outermost === undefined) return visible + text.slice(from);
  return isBlankText(visible) ? unclosed(outermost.tag) : visible;
}

/** Whether a tag opens the text, a line, or what follows another tag. */
function opensLine(text: string, at: number): boolean {
  const before = text.charCodeAt(skipBack(text, isSpace, at));
  if (Number.isNaN(before) || before === GREATER_THAN) return true;
  for (let position = at - 1; isSpace(text.charCodeAt(position)); position--) {
    if (isNewline(text.charCodeAt(position))) return true;
  }
  return false;
}
