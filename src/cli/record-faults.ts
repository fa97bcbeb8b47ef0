import { shownPath } from '../domain/quoting.ts';
import type { LoadedExperiment } from './experiment-file/load-experiment.ts';

/** Returns the fault of an experiment that is to be replayed and has no record: neither a journal nor responses. */
export const recordFaults = (
  path: string,
  { journalPath, recordedIds }: Pick<LoadedExperiment, 'journalPath' | 'recordedIds'>,
): readonly string[] =>
  journalPath !== undefined || recordedIds.length > 0
    ? []
    : [
        `${shownPath(path)}: journal: there are no recorded calls: name the journal of a run here or with --journal; if there is none, name a new one, and run the experiment first`,
      ];
