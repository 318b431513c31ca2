import type { StepsOf } from '../../test/crash-points.js';
import type { ReadingsRepository } from './readings.repository.js';

export const readingsSteps: StepsOf<ReadingsRepository> = {
  find: { reads: ['readings'] },
  put: { writes: ['readings'] },
  addSeen: { writes: ['seen'] },
  taint: { writes: ['readings'] },
  countActive: { reads: ['accounts'] },
  accountsById: { reads: ['accounts'] },
  ownUsers: { elsewhere: 'people plans' },
  integration: { reads: ['integrations'] },
};
