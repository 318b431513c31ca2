import { date, listOf, oneOf, part, text } from './models/paths.js';

/** What somebody did to a thing that runs are made of. */
export const editKinds = ['made', 'changed', 'launched', 'entered-secret', 'changed-own-users'] as const;
export type EditKind = (typeof editKinds)[number];

/** Who did what, and when. */
export interface EditDocument {
  by: string;
  at: Date;
  kind: EditKind;
}

export const editPaths = listOf(part<EditDocument>({ by: text, at: date, kind: oneOf(...editKinds) }));

/**
 * The edits with one more. Of each person the newest of a kind is enough to tell what they did since some moment, so the
 * list grows with people and not with changes, and nobody drops out of it.
 */
export function withEdit(edits: readonly EditDocument[] | undefined, edit: EditDocument): EditDocument[] {
  return [...(edits ?? []).filter(({ by, kind }) => by !== edit.by || kind !== edit.kind), edit];
}
