import type { PersonDocument } from '@rollcall/collections';
import type { UndoPreview, UndoReason } from '@rollcall/contracts';

import { personName } from '../people/person-name.js';
import type { PlannedUndo } from './undo-planner.js';

const mostSamples = 20;

class Group {
  count = 0;
  readonly samples: string[] = [];

  add(name: string): void {
    this.count += 1;
    if (this.samples.length < mostSamples) this.samples.push(name);
  }

  told(): { count: number; samples: string[] } {
    return { count: this.count, samples: this.samples };
  }
}

/** Adds up what pages of an undo would do, with a few names of each. Its size does not depend on theirs. */
export class UndoTally {
  private accounts = 0;
  private readonly effects = {
    restored: new Group(),
    unlinked: new Group(),
    takenBack: new Group(),
    reactivated: new Group(),
    deactivated: new Group(),
  };
  private readonly people = { reactivated: new Group(), deactivated: new Group(), undone: new Group() };
  private readonly left = new Map<UndoReason, Group>();

  add({ accounts, lines, set }: PlannedUndo, looked: number): void {
    this.accounts += looked;
    for (const { account, effects } of accounts) {
      for (const effect of effects) this.effects[effect].add(account.username ?? account.vendorId);
    }
    for (const { name, left } of lines) {
      for (const reason of new Set(left.map((one) => one.reason))) this.reasonOf(reason).add(name);
    }
    for (const { before, after } of set.replacedPeople) this.addPerson(before, after);
  }

  told(): Omit<UndoPreview, 'run' | 'integration' | 'isComplete' | 'afterwards'> {
    const { restored, unlinked, takenBack, reactivated, deactivated } = this.effects;
    const { people } = this;
    return {
      accounts: this.accounts,
      restored: restored.told(),
      unlinked: unlinked.told(),
      takenBack: takenBack.told(),
      reactivated: reactivated.told(),
      deactivated: deactivated.told(),
      people: {
        reactivated: people.reactivated.told(),
        deactivated: people.deactivated.told(),
        undone: people.undone.told(),
      },
      left: [...this.left].map(([reason, group]) => ({ reason, ...group.told() })),
    };
  }

  private addPerson(before: PersonDocument, after: PersonDocument): void {
    if (before.undone === undefined && after.undone !== undefined) this.people.undone.add(personName(after));
    if (before.active !== after.active)
      this.people[after.active ? 'reactivated' : 'deactivated'].add(personName(after));
  }

  private reasonOf(reason: UndoReason): Group {
    const group = this.left.get(reason) ?? new Group();
    this.left.set(reason, group);
    return group;
  }
}
