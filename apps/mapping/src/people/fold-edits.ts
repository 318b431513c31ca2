import type { FoldEdit, FoldSettingsDocument } from '@rollcall/collections';

const mostEdits = 20;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * The next version of the fold settings, with what was changed and by whom. Whom it concerns is not known without folding,
 * so everybody is folded again.
 */
export function edited(
  before: FoldSettingsDocument,
  edit: Omit<FoldEdit, 'version' | 'at'>,
  now: Date,
): Pick<FoldSettingsDocument, 'version' | 'concerns' | 'edits'> {
  const version = before.version + 1;
  const since = new Date(now.getTime() - dayMs).toISOString();
  // Whoever edited today made the changes that plans of today follow from, however many edits came after theirs.
  const edits = [...(before.edits ?? []), { version, at: now.toISOString(), ...edit }].filter(
    ({ at }, index, all) => index >= all.length - mostEdits || (at > since && isLastOf(all, index)),
  );
  return { version, concerns: version, edits };
}

/** Of each person the newest edit is enough, so that the list grows with people and not with edits. */
function isLastOf(edits: readonly FoldEdit[], index: number): boolean {
  return !edits.slice(index + 1).some(({ by }) => by === edits[index]!.by);
}
