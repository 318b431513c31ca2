import type { StepsOf } from '../../test/crash-points.js';
import type { PublishedRunsRepository } from './published-runs.repository.js';

export const publishedRunsSteps: StepsOf<PublishedRunsRepository> = {
  stateOf: { elsewhere: 'retention' },
  standingOf: { reads: ['runs'] },
  passed: { reads: ['runs'] },
  undoRefusal: { reads: ['runs'] },
  find: { reads: ['runs'] },
};
