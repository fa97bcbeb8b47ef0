const choice = (part: object) => ({ choices: [{ index: 0, finish_reason: null, ...part }] });

/** An answer of the chat completions API. */
export const answer = (text: string) =>
  choice({ message: { role: 'assistant', content: text }, finish_reason: 'stop' });

/** The events of a streamed answer. */
export const events = (first: string, second: string) => [
  ...[
    choice({ delta: { role: 'assistant', content: first } }),
    choice({ delta: { content: second } }),
    choice({ delta: {}, finish_reason: 'stop' }),
  ].map((chunk) => ({ data: JSON.stringify(chunk) })),
  { data: '[DONE]' },
];
