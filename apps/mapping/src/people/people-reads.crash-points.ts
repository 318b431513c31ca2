import type { StepsOf } from '../../test/crash-points.js';
import type { PeopleReadsRepository } from './people-reads.repository.js';

export const peopleSteps: StepsOf<PeopleReadsRepository> = {
  hashesOf: { reads: ['accounts'] },
  accountsById: { reads: ['accounts'] },
  accountsOfPeople: { reads: ['accounts'] },
  accountsWaitingFor: { reads: ['accounts'] },
  accountsWithOtherKeys: { reads: ['accounts'] },
  peopleById: { reads: ['people'] },
  peopleByKey: { reads: ['people'] },
  peopleOlderThan: { elsewhere: 'refolds' },
};
