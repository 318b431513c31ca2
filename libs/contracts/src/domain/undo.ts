import { z } from 'zod';

import { causeSchema } from './cause.js';
import { isoTimeSchema } from './values.js';

const count = z.number().int().nonnegative().default(0);

/** What an undo did, in accounts. One account may count in several. */
export const undoCountsSchema = z.object({
  /** Have old values, status, role or other fields again. */
  restored: count,
  /** Were given to a person by the run, and belong to nobody again. */
  unlinked: count,
  /** Were made by the run, and are taken out of their app and person. */
  takenBack: count,
  /** Are active again. */
  reactivated: count,
  /** Were inactive before the run found them again, and are inactive again. */
  deactivated: count,
  /** Keep their active state or stay, because they are held or protected. */
  skipped: count,
  /** Keep something that somebody changed since. */
  conflicts: count,
});
export type UndoCounts = z.infer<typeof undoCountsSchema>;

export const nothingUndone: UndoCounts = undoCountsSchema.parse({});

type Effect = Exclude<keyof UndoCounts, 'skipped' | 'conflicts'>;

/** What an undo does to one account, and to several, in the order in which it is told. */
const effects: Readonly<Record<Effect, readonly [one: string, several: string]>> = {
  reactivated: ['account is active again', 'accounts are active again'],
  deactivated: ['account is inactive again', 'accounts are inactive again'],
  restored: ['account has its old values again', 'accounts have their old values again'],
  unlinked: ['account belongs to nobody again', 'accounts belong to nobody again'],
  takenBack: ['new account was taken out', 'new accounts were taken out'],
};

/** What an undo did, as part of a sentence without its end, and a sentence on what it left; empty where it is nothing. */
export function undoneInWords(counts: UndoCounts): { readonly done: string; readonly left: string } {
  const done = (Object.keys(effects) as Effect[]).flatMap((name) => {
    const count = counts[name];
    return count === 0 ? [] : `${count} ${effects[name][count === 1 ? 0 : 1]}`;
  });
  return { done: done.join(', '), left: leftInWords(counts.skipped + counts.conflicts) };
}

function leftInWords(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? '1 account keeps something, because it was changed since, or is held or protected.'
    : `${count} accounts keep something, because they were changed since, or are held or protected.`;
}

/** That a run was undone. */
export const runUndoneSchema = z.object({
  requestedBy: z.string(),
  requestedAt: isoTimeSchema,
  /** The integration was paused in the same step. */
  paused: z.boolean(),
  /** What the next run will do, and what to do about it. */
  afterwards: z.string(),
  /** Null while it is being carried out. */
  doneAt: isoTimeSchema.nullable(),
  counts: undoCountsSchema.nullable(),
});
export type RunUndone = z.infer<typeof runUndoneSchema>;

/**
 * Why an undo leaves something as it is. `changed-since`: somebody changed it after the run. `person-edited`: the person
 * would be left without accounts, but somebody has set values or a hold of their own. `person-merged`: whom the account
 * belonged to before was merged into somebody else by now. `key-taken`: the old value, which
 * must be unique, belongs to another person by now. `retired`, `gone`: the account was taken away meanwhile.
 */
export const undoReasonSchema = z.enum([
  'changed-since',
  'person-edited',
  'person-merged',
  'held',
  'protected',
  'key-taken',
  'retired',
  'gone',
]);
export type UndoReason = z.infer<typeof undoReasonSchema>;

/** Something that an undo left as it is. */
export const undoLeftSchema = z.object({
  /** Path, as in the history: `values.title`; null where it is the whole account. */
  field: z.string().nullable(),
  reason: undoReasonSchema,
  /** Who or what changed it last since the run; null where nobody did, or it is not known. */
  by: causeSchema.nullable(),
  at: isoTimeSchema.nullable(),
});
export type UndoLeft = z.infer<typeof undoLeftSchema>;

/** An account of which an undo left something as it is. */
export const undoConflictSchema = z.object({
  /** Id of the line. */
  id: z.string(),
  account: z.string(),
  /** User name, or the vendor's id. */
  name: z.string(),
  person: z.string().nullable(),
  /** `skipped`: only what is held or protected was left. */
  state: z.enum(['conflict', 'skipped']),
  left: z.array(undoLeftSchema),
});
export type UndoConflict = z.infer<typeof undoConflictSchema>;

const counted = z.object({
  count: z.number().int(),
  /** Names of the first ones, at most 20. */
  samples: z.array(z.string()),
});

/** What an undo would do, as far as is known now. */
export const undoPreviewSchema = z.object({
  run: z.string(),
  integration: z.string(),
  /** False: the run changed so much that only the first part was looked at; there is more of everything. */
  isComplete: z.boolean(),
  /** Accounts looked at. */
  accounts: z.number().int(),
  restored: counted,
  unlinked: counted,
  takenBack: counted,
  reactivated: counted,
  deactivated: counted,
  /** What follows for people; `undone` are those whom the run made and who would be left without accounts. */
  people: z.object({ reactivated: counted, deactivated: counted, undone: counted }),
  /** What would be left as it is, by reason. */
  left: z.array(counted.extend({ reason: undoReasonSchema })),
  /** What the next run will do, and what to do about it. */
  afterwards: z.string(),
});
export type UndoPreview = z.infer<typeof undoPreviewSchema>;

/** What an undo of one of its runs means for an integration. */
export interface UndoneIntegration {
  readonly name: string;
  readonly isPaused: boolean;
  /** A run that is being carried out, and reads what the undone one read. */
  readonly openRun: string | null;
  readonly nextRunAt: string | null;
}

/** In words for whoever undoes a run. Null: the integration was taken away. */
export function afterUndo(integration: UndoneIntegration | null): string {
  if (integration === null) return 'The integration was deleted, so no run brings the same again.';
  const { name, isPaused, openRun, nextRunAt } = integration;
  const onHold = `"${name}" deactivates nobody until a person turns Deactivate on again.`;
  if (isPaused && openRun === null) {
    return `${onHold} It does not run by itself. Correct the mapping or the cause at the vendor before you launch or run it again: the next run writes whatever the vendor lists and the mapping makes of it.`;
  }
  const next = nextRunAt === null ? 'The next run' : `The next run, planned for ${nextRunAt},`;
  const open = openRun === null ? '' : ` Run ${openRun} is still open and may bring the same right now: cancel it.`;
  return `${onHold} ${next} writes the same values again if vendor and mapping are as they were. Correct the mapping or the cause at the vendor before it, or pause the integration.${open}`;
}

/** What whoever undoes a run a second time is told. */
export function undoneText(run: string, undone: RunUndone | null): string {
  if (undone === null) return `Run ${run} was undone already. There is nothing more to undo.`;
  const { requestedBy, requestedAt, counts } = undone;
  const start = `Run ${run} was undone already, by ${requestedBy} at ${requestedAt}`;
  if (counts === null) return `${start}, and the undo is still being carried out. Read the run again in a moment.`;
  const { done, left } = undoneInWords(counts);
  const rest = left === '' ? 'There is nothing more to undo.' : `${left} Correct what is left by hand.`;
  return `${start}${done === '' ? '' : `: ${done}`}. ${rest}`;
}
