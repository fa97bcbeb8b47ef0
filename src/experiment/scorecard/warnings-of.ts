import { abstentionWarning } from '../../domain/missing-votes.ts';
import { ofMembers } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';

/** The warnings of a prediction, without the abstentions, which are noted for each call. */
export const warningsOf = ({ metadata, outcomes }: Prediction): readonly string[] => {
  if (metadata.warnings.length === 0) return [];
  const abstentions = abstentionWarning(ofMembers(outcomes));
  return metadata.warnings.filter((warning) => warning !== abstentions);
};
