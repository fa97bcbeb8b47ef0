import { lazily } from '../../domain/lazily.ts';
import { abstain } from '../../domain/normalizer.ts';
import type { Reading } from '../marks/answer-reader.ts';
import { isNoAnswer } from '../marks/empty-announcement.ts';
import { DOLLAR } from '../reading/character-codes.ts';
import { isSpace, oneOf, skip, standsAt } from '../reading/characters.ts';
import { lowered } from '../reading/lowered.ts';
import { formulaAfter, isJudgedWrong, listAfter } from './option-denial.ts';
import { endsLabel } from './option-label.ts';
import { endsItem, type MentionFinder } from './option-mentions.ts';
import type { OptionScanner } from './option-scanner.ts';

/** Returns the option that follows "the answer is": the one at the start of `line`, else the only one of its sentence. */
export function announcedOption<Option extends string>(
  line: string,
  optionAt: OptionScanner<Option>,
  find: MentionFinder<Option>,
): Reading<Option> {
  const lower = lowered(line);
  const at = optionStart(line);
  const found = optionAt(line, lower, at);
  if (found === undefined)
    return isNoAnswer(line)
      ? abstain('the announced answer is not one of the options')
      : fromSentence(line, find);
  const end = at + found.lower.length;
  if (found.lower.length === 1 && (isArticle(line, at, found.option) || isPart(line, at, end)))
    return fromSentence(line, find);
  const isJoined = [listAfter(line, end), formulaAfter(line, end)].some((next) => {
    const second = next < 0 ? undefined : optionAt(line, lower, next);
    if (second === undefined || second.option === found.option) return false;
    const after = next + second.lower.length;
    return endsItem().test(line.slice(after, after + 20)) && !isJudgedWrong(line, after);
  });
  return isJoined ? several() : found.option;
}

const several = () => abstain('the announced answer names several options');

/** Skips what opens LaTeX or HTML, or sets off an option. */
function optionStart(line: string): number {
  let at = skip(line, opensOption, 0);
  for (const command of OPENINGS)
    if (standsAt(line, at, command)) at = skip(line, opensOption, at + command.length);
  return at;
}

const OPENINGS = ['\\text', '\\mathrm', '\\textbf', '\\mathbf', '\\boxed', '<b>', '<strong>', '<em>', '<i>'];

/** What may open the emphasis or the brackets of an option. */
export const isOpener = oneOf('{([*_"\'`\u201c');

const opensOption = (code: number): boolean => isSpace(code) || code === DOLLAR || isOpener(code);

/** Whether a letter is a word: "a combination", "A lot of money", "I think". */
function isArticle(line: string, at: number, option: string): boolean {
  if (!/^ \p{Ll}/u.test(line.slice(at + 1, at + 3))) return false;
  const isAsListed = line.charAt(at) === option && option.toUpperCase() === option;
  return !isAsListed || option === 'I' || (option === 'A' && !endsLabel(line, at + 1));
}

/** Whether a letter is a part of a formula or a name: `D(x)`, `A'`, `C++`, `B.C.` */
const isPart = (line: string, at: number, end: number): boolean =>
  PART().test(line.slice(end, end + 3)) && !isOpener(line.charCodeAt(at - 1));

const PART = lazily(() => /^(?:\((?!\s)|['\u2019\u2032](?!\p{L})|[+#^*_](?![*_])|\+\+|\.\p{L})/u);

const SENTENCE = lazily(() => /[.!?](?![\p{L}\p{N}])|[;\u3002\n]/u);

function fromSentence<Option extends string>(line: string, find: MentionFinder<Option>): Reading<Option> {
  const sentence = line.split(SENTENCE(), 1)[0] ?? '';
  const named = new Set(
    find(sentence)
      .filter(({ isDenied }) => !isDenied)
      .map(({ option }) => option),
  );
  if (named.size > 1) return several();
  const [only] = named;
  return only;
}
