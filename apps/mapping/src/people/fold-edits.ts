import type { FoldEdit, FoldSettingsDocument } from '@rollcall/collections';

const mostEdits = 20;

/**
 * The next version of the fold settings, with what was changed and by whom. Whom it concerns is not known without folding,
 * so everybody is folded again.
 */
export function edited(
  before: FoldSettingsDocument,
  edit: Omit<FoldEdit, 'version' | 'at'>,
): Pick<FoldSettingsDocument, 'version' | 'concerns' | 'edits'> {
  const version = before.version + 1;
  const edits = [...(before.edits ?? []), { version, at: new Date().toISOString(), ...edit }].slice(-mostEdits);
  return { version, concerns: version, edits };
}
