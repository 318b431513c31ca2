import type { StepsOf } from '../../test/crash-points.js';
import type { TrackingRepository } from './tracking.repository.js';

export const trackingSteps: StepsOf<TrackingRepository> = {
  note: { writes: ['tracking'] },
};
