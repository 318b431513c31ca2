import type { StepsOf } from '../../test/crash-points.js';
import type { PlansRepository } from './plans.repository.js';

export const plansSteps: StepsOf<PlansRepository> = {
  protectedPeople: { reads: ['people'] },
  prepareLines: { writes: ['planLines'] },
  putPlan: { writes: ['plans'] },
  plan: { reads: ['plans'] },
  accountsIn: { reads: ['plans', 'planLines'] },
  notStagedAgain: { reads: ['plans', 'planLines'] },
  linesFrom: { reads: ['planLines'] },
  countByState: { reads: ['planLines'] },
  settleLines: { writes: ['planLines'] },
};
