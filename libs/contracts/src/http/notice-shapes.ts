import type { z } from 'zod';

import { listQuerySchema, queryFlagSchema } from './page.js';

export const noticeListQuerySchema = listQuerySchema.extend({ unread: queryFlagSchema.optional() });
export type NoticeListQuery = z.infer<typeof noticeListQuerySchema>;
