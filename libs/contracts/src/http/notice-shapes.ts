import type { z } from 'zod';

import { listQuerySchema, queryFlagSchema } from './page.js';

export const noticeListQuerySchema = listQuerySchema.extend({
  unread: queryFlagSchema
    .optional()
    .meta({ description: 'Only notices that nobody has read, or only those that somebody has.', examples: ['true'] }),
});
export type NoticeListQuery = z.infer<typeof noticeListQuerySchema>;
