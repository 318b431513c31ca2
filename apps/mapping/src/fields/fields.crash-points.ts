import type { StepsOf } from '../../test/crash-points.js';
import type { FieldsRepository } from './fields.repository.js';

export const fieldsSteps: StepsOf<FieldsRepository> = {
  all: { reads: ['fields'] },
  add: { elsewhere: 'commands on mappings' },
  change: { elsewhere: 'commands on fields' },
};
