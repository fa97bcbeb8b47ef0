import type { Outcome } from '../domain/outcome.ts';
import type { MissingMember } from '../domain/prediction.ts';

/** How many calls had which end. */
export const countOf = (members: readonly Outcome[]): Record<Outcome['status'], number> => {
  const count = { answered: 0, abstained: 0, failed: 0, cancelled: 0 };
  for (const { status } of members) count[status] += 1;
  return count;
};

/** The reason of a member without a response that counted. */
const ABSTAINED = 'abstained';

/** Whether a member is missing because its call failed or came too late. */
export const isFault = ({ reason }: MissingMember): boolean => reason !== ABSTAINED;

/** The members without a vote and why. A member with several calls is listed once, and only if none of them answered. */
export const missingFrom = (outcomes: readonly Outcome[], isCutOff: boolean): MissingMember[] => {
  // By id, because each sample has a place of its own in the panel.
  const settled = new Set<string>();
  for (const { model, status } of outcomes) {
    if (status === 'answered') settled.add(model);
  }
  return outcomes.flatMap((outcome) => {
    const { model, status } = outcome;
    const reason =
      status === 'failed'
        ? outcome.error.name
        : status === 'abstained'
          ? ABSTAINED
          : status === 'cancelled' && isCutOff
            ? 'deadline'
            : undefined;
    if (reason === undefined || settled.has(model)) return [];
    settled.add(model);
    return [{ model, reason }];
  });
};
