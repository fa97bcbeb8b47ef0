/** How far before an announcement a denial of it is sought. */
const REACH = 100;

/** "I don't think the answer is", "if the answer is". */
const denials = new RegExp(
  [
    '\\b(?:wrong|incorrect|worst|false|bad|rejected)\\s+(?:answer|option|choice|one|letter|statement)s?\\b[^,]*$',
    '\\b(?:if|whether|unless|wenn|falls|ob)\\b[^,]*$',
    "(?:\\bnot|n[\u2019']t|\\bcannot|\\bnever)\\s+(?:\\w+\\s+){0,2}(?:think|believe|say|sure|certain|clear|mean|agree|claim|conclude|true|case|that)\\b[^,]*$",
    'pense pas|crois pas|(?:glaube|denke) nicht|no creo|no pienso|(?:não|nao) (?:acho|creio)|non (?:penso|credo)|не (?:думаю|считаю)|不认为|不認為|思いません',
  ].join('|'),
  'iu',
);

/** Whether the sentence that announces an answer at `start` denies it, or only supposes it. */
export function isDeniedAnnouncement(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const sentence = before.slice(1 + Math.max(...edges.map((edge) => before.lastIndexOf(edge))));
  return denials.test(sentence);
}

const edges = ['.', '!', '?', ';', '\n', ':', '\u3002', ' but ', ' so ', ' therefore '];
