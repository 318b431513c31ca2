import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  type ChangeDocument,
  type ClientSession,
  Databases,
  type ErasedAccountName,
  type ErasureDocument,
  type PersonDocument,
} from '@rollcall/collections';
import {
  accountId,
  type Cause,
  type confirmErasure,
  type erasePerson,
  type InputOf,
  type ResultOf,
  type ServiceName,
} from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';
import { Background } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import { ErasedUsersRepository } from '../accounts/erased-users.repository.js';
import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { commandPosition } from '../changes/positions-in-text.js';
import { changeOf, eventOfChange, publishedAccount, publishedPerson } from '../changes/record-change.js';
import { RecordEpochsRepository } from '../epochs/record-epochs.repository.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { personMerged, personNotFound, tooManyAccounts } from '../people/people.errors.js';
import { anonymisedAccount, anonymisedChanges, anonymisedPerson, erasedAccount, erasedPerson } from './anonymised.js';
import { ErasureChecks } from './erasure-checks.js';
import { erasureNotFound } from './erasures.errors.js';
import { ErasuresRepository, recordOfErasure } from './erasures.repository.js';
import { subjectOf } from './subject-of.js';
import { TracesService } from './traces.service.js';

const mostAccounts = 500;

/** Services that hold something of people. The vault does not: it knows vendors, and nobody whom they list. */
const holders: readonly ServiceName[] = ['mapping', 'sync-runner', 'workflow', 'notifier', 'gateway'];

/** Who asks for an erasure, and why. */
export interface ErasureOrder {
  readonly person: string;
  readonly reason: string;
  readonly by: string;
  /** Id of the command, unique for each order. */
  readonly id: string;
}

interface Erased {
  readonly people: readonly PersonDocument[];
  readonly accounts: readonly AccountDocument[];
  readonly names: readonly ErasedAccountName[];
}

/**
 * Erases people. Records lose their values in the transaction of the command; history and everything that quotes them
 * follow step by step, here and in the other services, each of which confirms.
 */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly erasures: ErasuresRepository,
    private readonly checks: ErasureChecks,
    private readonly users: ErasedUsersRepository,
    private readonly settings: FoldSettingsRepository,
    private readonly epochs: RecordEpochsRepository,
    private readonly outbox: Outbox,
    private readonly databases: Databases,
    private readonly background: Background,
  ) {}

  async erase(
    { person, reason }: InputOf<typeof erasePerson>,
    context: CommandContext,
  ): Promise<ResultOf<typeof erasePerson>> {
    const { id, actor: by, session } = context;
    const erasure = await this.order({ person, reason, by, id }, session);
    context.afterCommit(() => this.background.wake(TracesService));
    return recordOfErasure(erasure);
  }

  async confirm(
    { person }: InputOf<typeof confirmErasure>,
    { sender, session }: CommandContext,
  ): Promise<ResultOf<typeof confirmErasure>> {
    const erasure = await this.erasures.find(person, session);
    if (erasure === null) throw erasureNotFound(person);
    return { waitsFor: await this.erasures.confirm(session, erasure, sender, this.databases.time()) };
  }

  /**
   * Erases a person, in the transaction of whoever asks. Somebody who was erased already stays as they are.
   * @throws AppError person-not-found, person-merged, too-many-accounts, and those of `ErasureChecks`
   */
  async order(order: ErasureOrder, session: ClientSession): Promise<ErasureDocument> {
    const known = await this.erasures.find(order.person, session);
    if (known !== null) return known;
    const person = await this.erasures.person(order.person, session);
    if (person === null) throw personNotFound(order.person);
    if (person.mergedInto !== null) throw personMerged(order.person, person.mergedInto);
    const people = await this.erasures.withMerged(person, session);
    const ids = people.map(({ _id }) => _id);
    const own = await this.erasures.accountsOf(ids, session);
    if (own.length > mostAccounts) throw tooManyAccounts(own.length, mostAccounts);
    const waiting = await this.erasures.waitingFor(ids, session);
    await this.checks.require({ person, people: ids, accounts: own, waiting }, session);
    return this.write(order, { people, own }, session);
  }

  private async write(
    order: ErasureOrder,
    { people, own }: { readonly people: readonly PersonDocument[]; readonly own: readonly AccountDocument[] },
    session: ClientSession,
  ): Promise<ErasureDocument> {
    const at = this.databases.time();
    const ownChanges = await this.erasures.changesOf(
      people.map(({ _id }) => _id),
      session,
    );
    const { accounts, names } = await this.allAccounts(
      own,
      [...people, ...ownChanges.map(({ after }) => after)],
      session,
    );
    const changes = [
      ...ownChanges,
      ...(await this.erasures.changesOf(
        names.map(({ from }) => from),
        session,
      )),
    ];
    const { uniqueFields } = await this.settings.get(session);
    const erasure: ErasureDocument = {
      _id: order.person,
      state: 'open',
      reason: order.reason,
      by: order.by,
      at,
      doneAt: null,
      waitsFor: [...holders],
      accounts: names.length,
      subject: subjectOf({ people, accounts, changes, names, uniqueFields }),
    };
    await this.erasures.insert(session, erasure);
    await this.users.note(session, names, { person: order.person, at });
    await this.replaceRecords(order, at, { people, accounts, names }, session);
    return erasure;
  }

  /**
   * Accounts of theirs, and those that gave them values once and belong to nobody by now: their integration was taken away,
   * or a run was undone. An account that somebody gave to another person is that person's.
   */
  private async allAccounts(
    own: readonly AccountDocument[],
    records: readonly object[],
    session: ClientSession,
  ): Promise<Pick<Erased, 'accounts' | 'names'>> {
    const known = new Set(own.map(({ _id }) => _id));
    const once = records.flatMap((record) =>
      Object.values((record as { provenance?: Record<string, string> }).provenance ?? {}),
    );
    const others = [...new Set(once)].filter((id) => id.includes(':') && !known.has(id));
    const stored = await this.erasures.accountsById(others, session);
    const isOthers = new Set(stored.filter(({ person }) => person !== null).map(({ _id }) => _id));
    const accounts = [...own, ...stored.filter(({ person }) => person === null)];
    const ids = [...known, ...others.filter((id) => !isOthers.has(id))];
    return { accounts, names: ids.map(nameOf) };
  }

  private async replaceRecords(
    order: ErasureOrder,
    at: Date,
    { people, accounts, names }: Erased,
    session: ClientSession,
  ): Promise<void> {
    const time = at.toISOString();
    const cause: Cause = { kind: 'command', command: order.id, actor: order.by };
    const records = (await this.epochs.find(session))?.epoch;
    const origin: ChangeOrigin = { position: commandPosition(order.id, records), time, cause };
    const places = new ChangeSet();
    const changes: ChangeDocument[] = [];
    const replaced = people.map((person) => {
      const after = { ...erasedPerson(person, time), changed: { time, cause } };
      const [old, next] = [publishedPerson(person), publishedPerson(after)];
      if (person.revision === 1) changes.push(changeOf('person', null, anonymisedPerson(old), person.created));
      const change = changeOf('person', old, next, places.place(origin));
      changes.push({ ...change, changed: anonymisedChanges(change.changed) });
      return after;
    });
    const byId = new Map(names.map((name) => [name.from, name]));
    const renamed = accounts.map((account) => {
      const name = byId.get(account._id)!;
      const after = { ...erasedAccount(account, name, time), changed: { time, cause } };
      const [old, next] = [publishedAccount(account), publishedAccount(after)];
      if (account.revision === 1) {
        const first = { ...anonymisedAccount(old, name), id: name.to };
        changes.push(changeOf('account', null, first, account.created));
      }
      const change = changeOf('account', old, next, places.place(origin));
      changes.push({ ...change, changed: anonymisedChanges(change.changed) });
      return { before: account._id, after };
    });
    await this.erasures.replace(session, { people: replaced, accounts: renamed, changes });
    await this.say(changes, names, session);
  }

  /** Consumers know an account by the id that it had, so it is under that one that they hear of its end. */
  private async say(
    changes: readonly ChangeDocument[],
    names: readonly ErasedAccountName[],
    session: ClientSession,
  ): Promise<void> {
    const former = new Map(names.map(({ from, to }) => [to, from]));
    for (const change of changes.filter(({ revision }) => revision > 1)) {
      const event = eventOfChange(change);
      if (event === null) continue;
      const { definition, id, time, data } = event;
      const key = former.get(event.key) ?? event.key;
      await this.outbox.event(session, definition, { id, key, subject: key, time, data });
    }
  }
}

function nameOf(from: string): ErasedAccountName {
  const colon = from.indexOf(':');
  const [integration, vendorId] = [from.slice(0, colon), from.slice(colon + 1)];
  return { from, integration, vendorId, to: accountId(integration, `erased-${uuidv7()}`) };
}
