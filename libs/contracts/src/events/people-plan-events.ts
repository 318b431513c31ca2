import { z } from 'zod';

import { peoplePlanRecordSchema } from '../domain/people-plan.js';
import { peoplePlansTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

export const peoplePlanHeld = defineEvent({
  type: 'people-plan.held',
  topic: peoplePlansTopic,
  source: 'mapping',
  description: 'The guard held back people who would become inactive because of a change. They stay active.',
  data: z.object({ plan: peoplePlanRecordSchema }),
});
