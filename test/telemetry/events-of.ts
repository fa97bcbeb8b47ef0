import type { Ensemble, EnsembleEvent } from '../../src/index.ts';

/** Collects the events of an ensemble from now on. */
export const eventsOf = (ensemble: Pick<Ensemble, 'events$'>): EnsembleEvent[] => {
  const events: EnsembleEvent[] = [];
  ensemble.events$.subscribe((event) => events.push(event));
  return events;
};

/** An event in short: when, what, and of a call, of which model and, where it is not the first, which attempt. */
const inShort = (event: EnsembleEvent): string =>
  [
    event.atMs,
    event.type,
    ...('model' in event ? [`${event.model}${event.attempt === 1 ? '' : ` ${event.attempt}`}`] : []),
  ].join(' ');

/** Events in short, in their order; their times are good in virtual time alone. */
export const shortened = (events: readonly EnsembleEvent[]): string[] => events.map(inShort);

/** What one attempt of one call is known by. */
const attemptOf = (event: Extract<EnsembleEvent, { readonly model: string }>): string =>
  `${event.prediction}/${event.call}/${event.attempt}`;

/** How many events of a type there are. */
const countOf = (events: readonly EnsembleEvent[], ...types: readonly EnsembleEvent['type'][]): number =>
  events.filter(({ type }) => types.includes(type)).length;

const isEnd = ({ type }: EnsembleEvent): boolean => /stop|exception|cancel/.test(type);

/**
 * What is wrong with the order of events: what does not begin once and end once, begins after its end, or happens
 * out of its prediction; and times that run backwards.
 */
export const disorderIn = (events: readonly EnsembleEvent[]): string[] => {
  const faults: string[] = [];
  const open = new Set<string>();
  const seen = new Set<string>();
  const begin = (key: string): void => {
    if (seen.has(key)) faults.push(`${key} begins twice`);
    seen.add(key);
    open.add(key);
  };
  const end = (key: string): void => {
    if (!open.delete(key)) faults.push(`${key} ends without having begun, or twice`);
  };
  let atMs = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    if (event.atMs < atMs)
      faults.push(`${event.type} of ${event.prediction} happens before the one before it`);
    atMs = event.atMs;
    const prediction = `prediction ${event.prediction}`;
    if (event.type === 'predict:start') begin(prediction);
    else if (!open.has(prediction)) faults.push(`${event.type} happens out of ${prediction}`);
    if ('model' in event) (isEnd(event) ? end : begin)(attemptOf(event));
    else if (isEnd(event)) {
      const out = [...open].filter((key) => key.startsWith(`${event.prediction}/`));
      if (out.length > 0) faults.push(`${prediction} ends while ${out.join(', ')} is out`);
      end(prediction);
    }
  }
  if (open.size > 0) faults.push(`${[...open].join(', ')} never ends`);
  for (const event of events) {
    if (event.type === 'consensus:reached' && event.consensus < event.threshold)
      faults.push('a consensus is reached below its threshold');
    const isMade = events.some(
      ({ type, prediction }) => type === 'predict:stop' && prediction === event.prediction,
    );
    if (event.type === 'consensus:failed' && isMade && event.consensus >= (event.threshold ?? 0))
      faults.push('a consensus failed although it is above its threshold');
  }
  if (countOf(events, 'vote:complete') < countOf(events, 'consensus:reached', 'consensus:failed')) {
    faults.push('votes are counted less often than there is consensus or none');
  }
  return faults;
};
