/** The channels of the Harmony format: `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final…`. */
const CHANNEL = '<|channel|>';
const MESSAGE = '<|message|>';
const FINAL = `${CHANNEL}final`;

const endsMessage = /<\|(?:end|return|start|call)\|>/g;

/** A Harmony text without its special tokens: `analysisWe add.assistantfinal42`. */
const stripped = /^analysis(?=[A-Z])[\s\S]*?assistantfinal/;

/**
 * Returns the last message in the channel `final`, the text itself if it has no channels, and `undefined` if it has only
 * others.
 */
export function finalChannel(text: string): string | undefined {
  const withoutTokens = stripped.exec(text)?.[0];
  if (withoutTokens !== undefined) return text.slice(withoutTokens.length);
  if (!text.includes(CHANNEL)) return text;
  const at = text.lastIndexOf(FINAL);
  if (at < 0) return undefined;
  const header = text.indexOf(MESSAGE, at);
  const start = header < 0 ? at + FINAL.length : header + MESSAGE.length;
  endsMessage.lastIndex = start;
  return text.slice(start, endsMessage.exec(text)?.index);
}
