import { z } from 'zod';

import { noticeRecordSchema } from '../domain/notice.js';
import { noticesTopic } from '../topics.js';
import { defineEvent } from './define-event.js';

export const noticeCreated = defineEvent({
  type: 'notice.created',
  topic: noticesTopic,
  source: 'notifier',
  description: 'A contact has a new notice.',
  data: z.object({ notice: noticeRecordSchema }),
});
