import type { StepsOf } from '../../test/crash-points.js';
import type { ChangesRepository } from './changes.repository.js';

export const changesSteps: StepsOf<ChangesRepository> = {
  write: { writes: ['accounts', 'people', 'changes'] },
  takeUp: { elsewhere: 'people plans' },
  countUnder: { reads: ['changes'] },
  removeRetired: { elsewhere: 'retirements' },
};
