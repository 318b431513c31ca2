import type { StepsOf } from '../../test/crash-points.js';
import type { MappingsRepository } from './mappings.repository.js';

export const mappingsSteps: StepsOf<MappingsRepository> = {
  version: { reads: ['mappings'] },
  latest: { elsewhere: 'commands on mappings' },
  newest: { elsewhere: 'commands on mappings' },
  add: { elsewhere: 'commands on mappings' },
  isSyncKey: { elsewhere: 'commands on mappings' },
  linkApp: { elsewhere: 'commands on mappings' },
  removeUnusedApp: { elsewhere: 'commands on mappings' },
};
