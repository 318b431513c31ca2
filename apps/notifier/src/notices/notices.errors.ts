import type { markNoticeRead } from '@rollcall/contracts';
import { AppError } from '@rollcall/contracts';

export class NoticeError extends AppError<(typeof markNoticeRead)['errors'][number]> {}

export const noticeNotFound = (id: string): NoticeError =>
  new NoticeError('notice-not-found', 'This notice does not exist. Load the list of notices again.', {
    details: { id },
  });
