import { concat, merge } from 'rxjs';
import type { Execution, StopRule } from '../../domain/execution.ts';
import { given } from '../../domain/given.ts';
import { allAtOnce } from '../../strategies/execution/parallel.ts';
import { confident } from '../../strategies/stopping/confident.ts';
import { decided } from '../../strategies/stopping/decided.ts';
import type { PanelExecution } from './panel.ts';

/** The rule that ends the election of a panel early. */
export const stopRuleOf = (execution: PanelExecution): StopRule | undefined => {
  switch (execution.stop) {
    case 'never':
      return undefined;
    case 'decided':
      return decided();
    case 'confident':
      return confident(execution.threshold);
    case 'agreement': {
      const { votes } = execution;
      return ({ successes, lead, total }) => successes >= votes && lead === total;
    }
  }
};

/** The execution of a panel without faults. */
export const executionOf = (execution: PanelExecution): Execution => {
  const rule = given({ earlyStop: stopRuleOf(execution) });
  if (execution.schedule === 'parallel') return { name: 'parallel', schedule: allAtOnce, ...rule };
  const name = execution.stop === 'decided' ? 'sequential' : 'cascade';
  const votesAtOnce = execution.stop === 'agreement' ? execution.votes : 1;
  return {
    name,
    schedule: (calls) => concat(merge(...calls.slice(0, votesAtOnce)), ...calls.slice(votesAtOnce)),
    ...rule,
  };
};
