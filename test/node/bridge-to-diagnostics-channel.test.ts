import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { bridgeToDiagnosticsChannel } from '../../src/node/bridge-to-diagnostics-channel.ts';
import { eventsOf } from '../telemetry/events-of.ts';

const types = [
  'predict:start',
  'predict:stop',
  'predict:exception',
  'predict:cancel',
  'model:start',
  'model:stop',
  'model:exception',
  'model:cancel',
  'vote:complete',
  'consensus:reached',
  'consensus:failed',
];

const leave: (() => void)[] = [];

/** Collects what is published from now on, on the channels of all events. */
const published = (): [name: string, message: unknown][] => {
  const messages: [string, unknown][] = [];
  const keep = (message: unknown, name: string | symbol) => messages.push([String(name), message]);
  for (const type of types) {
    subscribe(`crucible-ensemble:${type}`, keep);
    leave.push(() => unsubscribe(`crucible-ensemble:${type}`, keep));
  }
  return messages;
};

describe('bridgeToDiagnosticsChannel', () => {
  afterEach(() => {
    for (const each of leave.splice(0)) each();
  });

  it('publishes each event on the channel of its type, until it is stopped', async () => {
    const failing = defineModel('b', () => Promise.reject(new Error('oh')));
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4'), failing], earlyStop: 1 });
    const end = bridgeToDiagnosticsChannel(ensemble);
    const [events, messages] = [eventsOf(ensemble), published()];
    await ensemble.predict('?');
    expect(messages).toHaveLength(8);
    expect(messages).toStrictEqual(events.map((event) => [`crucible-ensemble:${event.type}`, event]));
    expect(messages.every(([, message], index) => message === events[index])).toBe(true);
    end();
    await ensemble.predict('?');
    expect(messages).toHaveLength(8);
  });

  it('keeps the errors of subscribers away from the prediction; Node raises them as uncaught exceptions', async () => {
    const ensemble = createEnsemble({ models: [defineModel('a', () => '4')], earlyStop: 1 });
    leave.push(bridgeToDiagnosticsChannel(ensemble));
    const fails = () => {
      throw new TypeError('oh');
    };
    subscribe('crucible-ensemble:model:stop', fails);
    leave.push(() => unsubscribe('crucible-ensemble:model:stop', fails));
    const messages = published();
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const uncaught: Error[] = [];
    const keep = (error: Error) => uncaught.push(error);
    process.on('uncaughtException', keep);
    try {
      expect((await ensemble.predict('?')).answer).toBe('4');
      expect((await ensemble.predict('?')).answer).toBe('4');
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('uncaughtException', keep);
      for (const other of others) process.on('uncaughtException', other);
    }
    expect(uncaught).toStrictEqual([new TypeError('oh'), new TypeError('oh')]);
    expect(messages).toHaveLength(12);
  });

  it('refuses a value that is not an ensemble', () => {
    expect(() => bridgeToDiagnosticsChannel({} as never)).toThrow(
      'bridgeToDiagnosticsChannel: expected an ensemble made by createEnsemble',
    );
  });
});
