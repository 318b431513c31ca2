import type { StepsOf } from '../../test/crash-points.js';
import type { PreviewsRepository } from './previews.repository.js';

export const previewsSteps: StepsOf<PreviewsRepository> = {
  write: { writes: ['previewLines'] },
  generationOf: { reads: ['plans'] },
  byId: { reads: ['previewLines'] },
  byPerson: { reads: ['previewLines'] },
  byCandidate: { reads: ['previewLines'] },
  byOtherKey: { reads: ['previewLines'] },
  byKey: { reads: ['previewLines'] },
};
