import type { ChangeDocument } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';

/** What of a change decides whether an undo may restore what it changed. */
export type PastChange = Pick<ChangeDocument, 'record' | 'revision' | 'changed' | 'cause' | 'time'>;

/** Who or what changed something after the run. */
export type Since = Pick<ChangeDocument, 'cause' | 'time'>;

/** A field that the run changed: its value before, and the last change of it since; null when there was none. */
export interface TouchedField {
  readonly old: unknown;
  readonly since: Since | null;
}

export interface RecordHistory {
  /** The run made the record, or brought it back after an undo had taken it away. */
  readonly isCreation: boolean;
  /** This run was undone for this record already. */
  readonly isUndone: boolean;
  /** Path → what the run changed; of a creation: every field that somebody changed since. */
  readonly fields: ReadonlyMap<string, TouchedField>;
}

/** Whether a change was made by this run itself, as it read or as it swept. */
export function isOfRun(cause: Cause, run: string): boolean {
  return (cause.kind === 'run' || cause.kind === 'sweep') && cause.run === run;
}

interface Touch {
  old: unknown;
  /** In order. An undo of another run takes that run's changes out again: they are as if they had not been. */
  since: Since[];
}

/**
 * Follows one record from the first change of a run on, revision by revision, and finds what the run changed and nobody
 * changed since. Knows changes only, so that it may be fed one at a time, however many there are.
 */
export class HistoryReader {
  private readonly fields = new Map<string, Touch>();
  private isCreation: boolean;
  private isUndone = false;

  /** @param isCreation the record was made by the run */
  constructor(
    private readonly run: string,
    isCreation = false,
  ) {
    this.isCreation = isCreation;
  }

  add(change: PastChange): void {
    const { cause } = change;
    if (isOfRun(cause, this.run)) this.addOwn(change);
    else if (cause.kind === 'undo' && cause.run === this.run) this.isUndone = true;
    else if (cause.kind === 'undo') this.addUndo(change, cause.run);
    else this.addForeign(change);
  }

  result(): RecordHistory {
    const fields = [...this.fields]
      .map(([path, { old, since }]) => [path, { old, since: since.at(-1) ?? null }] as const)
      .filter(([, { since }]) => !this.isCreation || since !== null);
    return { isCreation: this.isCreation, isUndone: this.isUndone, fields: new Map(fields) };
  }

  private addOwn({ revision, changed }: PastChange): void {
    if (revision === 1 || (changed['retired'] ?? null) !== null) {
      this.isCreation = true;
      this.fields.clear();
      return;
    }
    for (const [path, old] of Object.entries(changed)) {
      const known = this.fields.get(path);
      // Changed by somebody in between: what the run found then is what it changed.
      if (known === undefined || known.since.length > 0) this.fields.set(path, { old, since: [] });
    }
  }

  private addForeign({ changed, cause, time }: PastChange): void {
    for (const [path, old] of Object.entries(changed)) {
      const known = this.fields.get(path);
      if (known !== undefined) known.since.push({ cause, time });
      else if (this.isCreation) this.fields.set(path, { old, since: [{ cause, time }] });
    }
  }

  private addUndo(change: PastChange, undone: string): void {
    const isUndone = ({ cause }: Since) => isOfRun(cause, undone);
    for (const [path, old] of Object.entries(change.changed)) {
      const known = this.fields.get(path);
      if (known?.since.some(isUndone)) known.since = known.since.filter((one) => !isUndone(one));
      else this.addForeign({ ...change, changed: { [path]: old } });
    }
  }
}
