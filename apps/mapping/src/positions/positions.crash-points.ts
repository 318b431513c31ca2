import type { StepsOf } from '../../test/crash-points.js';
import type { PositionsRepository } from './positions.repository.js';

export const positionsSteps: StepsOf<PositionsRepository> = {
  find: { reads: ['positions'] },
  move: { reads: [], writes: ['positions'] },
  all: { elsewhere: 'metrics, and the start after a restore' },
  refuse: { elsewhere: 'the start after a restore' },
  accept: { elsewhere: 'the command that accepts a recreated topic' },
};
