import type { AccountDocument } from '@rollcall/collections';

/** Accounts by their person as they were before a session; gathered when somebody is asked about for the first time. */
export class AccountsBefore {
  private byPerson: Map<string, AccountDocument[]> | null = null;

  constructor(private readonly known: () => Iterable<{ readonly before: AccountDocument | null }>) {}

  of(person: string): readonly AccountDocument[] {
    this.byPerson ??= this.gathered();
    return this.byPerson.get(person) ?? [];
  }

  private gathered(): Map<string, AccountDocument[]> {
    const byPerson = new Map<string, AccountDocument[]>();
    for (const { before } of this.known()) {
      if (before === null || before.person === null) continue;
      const own = byPerson.get(before.person);
      if (own) own.push(before);
      else byPerson.set(before.person, [before]);
    }
    return byPerson;
  }
}
