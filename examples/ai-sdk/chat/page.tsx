/** A chat that shows the count of each answer, and how many members agree, while the votes arrive. */
'use client';
import { useChat } from '@ai-sdk/react';
import type { PanelMessage } from './route.ts';

export const Chat = () => {
  const { messages, sendMessage, status, stop } = useChat<PanelMessage>();
  const isReady = status === 'ready' || status === 'error';
  return (
    <main>
      {messages.map((message) => (
        <article key={message.id}>
          {message.parts.map((part) => {
            if (part.type !== 'data-votes') return null;
            const { votes, consensus } = part.data;
            const most = Math.max(1, ...Object.values(votes));
            return (
              <figure key={part.id}>
                {Object.entries(votes).map(([answer, count]) => (
                  <label key={answer}>
                    {answer} <meter value={count} max={most} />
                  </label>
                ))}
                <figcaption role="status">{Math.round(consensus * 100)} % agree</figcaption>
              </figure>
            );
          })}
          <p>{message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')}</p>
        </article>
      ))}
      <button
        type="button"
        onClick={() => (isReady ? sendMessage({ text: 'How warm will it be in Rome?' }) : stop())}
      >
        {isReady ? 'Ask' : 'Stop'}
      </button>
    </main>
  );
};
