import { z } from 'zod';

import { noticeRecordSchema } from '../../domain/notice.js';
import { defineCommand } from '../define-command.js';

export const markNoticeRead = defineCommand({
  type: 'notice.read',
  owner: 'notifier',
  senders: ['gateway'],
  description: 'Marks a notice as read.',
  input: z.object({ id: z.string() }),
  result: z.object({ notice: noticeRecordSchema }),
  errors: ['notice-not-found'],
});
