import { z } from 'zod';

import { recordEpochSchema } from '../../domain/record-epoch.js';
import { defineCommand } from '../define-command.js';

export const resyncRecords = defineCommand({
  type: 'records.resync',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Begins a new epoch of the records and publishes every record again, after a restore that mapping could not notice by itself.',
  input: z.object({}),
  result: z.object({ epoch: recordEpochSchema }),
  errors: [],
});
