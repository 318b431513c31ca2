import type { StepsOf } from '../../test/crash-points.js';
import type { SamplesRepository } from './samples.repository.js';

export const samplesSteps: StepsOf<SamplesRepository> = {
  put: { writes: ['samples'] },
  remove: { elsewhere: 'deletion of an integration' },
  find: { elsewhere: 'checks of a mapping' },
};
