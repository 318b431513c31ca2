import { noticeListQuerySchema, noticeRecordSchema, pageSchema, pathIdSchema } from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'notices';

export const listNotices = defineOperation({
  id: 'listNotices',
  method: 'GET',
  path: '/notices',
  tag,
  summary: 'Notices to contacts, newest first.',
  query: noticeListQuerySchema,
  result: pageSchema(noticeRecordSchema),
});

export const getNotice = defineOperation({
  id: 'getNotice',
  method: 'GET',
  path: '/notices/:id',
  tag,
  summary: 'One notice.',
  params: pathIdSchema,
  result: noticeRecordSchema,
});

export const markNoticeRead = defineOperation({
  id: 'markNoticeRead',
  method: 'POST',
  path: '/notices/:id/read',
  tag,
  summary: 'Marks a notice as read.',
  params: pathIdSchema,
  result: noticeRecordSchema,
  status: 200,
  command: true,
});
