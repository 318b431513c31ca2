import { AppError } from '@rollcall/contracts';

export type PreviewErrorCode = 'not-a-preview' | 'preview-not-complete' | 'preview-expired' | 'preview-outdated';

export class PreviewError extends AppError<PreviewErrorCode> {}

export const notAPreview = (run: string): PreviewError =>
  new PreviewError(
    'not-a-preview',
    `Run ${run} is not a preview, so there is nothing to apply. Create a preview first.`,
  );

export const previewNotComplete = (run: string, state: string): PreviewError =>
  new PreviewError(
    'preview-not-complete',
    `Preview ${run} is ${state}, so it does not say what a run would do. Wait for its end, or make another one.`,
  );

export const previewExpired = (run: string): PreviewError =>
  new PreviewError(
    'preview-expired',
    `Preview ${run} is older than 24 hours; too much may have changed since. Make another one and look at it.`,
  );

export const previewOutdated = (run: string): PreviewError =>
  new PreviewError(
    'preview-outdated',
    `The integration or its mapping was changed after preview ${run}, so a run would do something else now. Make another preview.`,
  );
