import type { StepsOf } from '../../test/crash-points.js';
import type { RecordEpochsRepository } from './record-epochs.repository.js';

export const recordEpochsSteps: StepsOf<RecordEpochsRepository> = {
  find: { reads: ['recordEpochs'] },
  begin: { elsewhere: 'starts and restores' },
  beginIn: { elsewhere: 'starts and restores' },
  plan: { elsewhere: 'starts and restores' },
  passOver: { elsewhere: 'starts and restores' },
  marked: { elsewhere: 'starts and restores' },
  proceed: { elsewhere: 'resynchronisation' },
};
