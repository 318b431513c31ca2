import { z } from 'zod';

import { defineCommand } from '../define-command.js';

export const resetPositions = defineCommand({
  type: 'positions.reset',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Accepts the current raw-records topic after it was recreated. Refused partitions start at its beginning, and open generations are tainted so that new ones start.',
  input: z.object({}),
  result: z.object({ partitions: z.array(z.number().int()) }),
  errors: [],
});
