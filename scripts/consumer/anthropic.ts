import { anthropic } from 'crucible-ensemble/anthropic';
import { providerChecks } from './provider.ts';

const usage = { input_tokens: 11, output_tokens: 7 };
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_sequence: null };

export const checks = providerChecks({
  name: 'anthropic',
  dialect: 'anthropic',
  createModel: (endpoint) => anthropic('claude', endpoint),
  answer: (text) => ({ ...message, content: [{ type: 'text', text }], stop_reason: 'end_turn', usage }),
  events: (first, second) =>
    [
      { type: 'message_start', message: { ...message, content: [], stop_reason: null, usage } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: first } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: second } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
      { type: 'message_stop' },
    ].map((event) => ({ event: event.type, data: JSON.stringify(event) })),
});
