import type { StepsOf } from '../../test/crash-points.js';
import type { PeopleReads } from './people-reads.repository.js';

export const peopleSteps: StepsOf<PeopleReads> = {
  hashesOf: { reads: ['accounts'] },
  accountsById: { reads: ['accounts'] },
  accountsOfPeople: { reads: ['accounts'] },
  accountsWaitingFor: { reads: ['accounts'] },
  peopleById: { reads: ['people'] },
  peopleByKey: { reads: ['people'] },
  peopleOlderThan: { elsewhere: 'refolds' },
};
