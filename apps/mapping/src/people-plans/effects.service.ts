import { Injectable } from '@nestjs/common';
import type { AccountDocument, FoldSettingsDocument, PersonDocument } from '@rollcall/collections';
import type { PeopleEffect, PreviewedChange } from '@rollcall/contracts';

import { FieldsRepository } from '../fields/fields.repository.js';
import { foldActive } from '../people/fold-person.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { personMerged, personNotFound, samePerson } from '../people/people.errors.js';
import { personName } from '../people/person-name.js';
import { whyProtected } from '../plans/protection.js';
import { type OwnUsers, ReadingsRepository } from '../readings/readings.repository.js';
import { integrationNotFound } from '../sources/sources.errors.js';
import { checkSources } from '../sources/sources-check.js';
import { mostSamples } from './collecting.service.js';
import { DuePeopleRepository } from './due-people.repository.js';
import { JudgingService } from './judging.service.js';

const peoplePerLook = 500;
/** A person waits for the answer; whom a look in this time does not reach is not counted, which the answer says. */
const longestMs = 60_000;

/** A change that would be saved, as far as it decides who is active. */
interface Change {
  readonly now: FoldSettingsDocument;
  readonly after: FoldSettingsDocument;
  /** Integration whose accounts would be retired. */
  readonly retired: string | null;
  /** Only who has an account here may be concerned; null: nobody. */
  readonly integration: string | null;
  readonly ownUsers: OwnUsers;
}

interface Tally {
  looked: number;
  readonly inactive: {
    count: number;
    protected: number;
    readonly protectedNames: string[];
    readonly samples: { person: string; name: string }[];
  };
  readonly active: { count: number; samples: { person: string; name: string }[] };
}

/** Whom a change would make inactive or active, counted before it is saved. Reads in pieces, and writes nothing. */
@Injectable()
export class EffectsService {
  constructor(
    private readonly settings: FoldSettingsRepository,
    private readonly fields: FieldsRepository,
    private readonly due: DuePeopleRepository,
    private readonly judging: JudgingService,
    private readonly readings: ReadingsRepository,
  ) {}

  async of(wanted: PreviewedChange, limitMs = longestMs): Promise<PeopleEffect> {
    if (wanted.kind === 'merge') return this.ofMerge(wanted);
    const change = await this.changeOf(wanted);
    const tally = newTally();
    const complete = change.integration === null || (await this.walk(change, change.integration, tally, limitMs));
    const { count, protected: barred, protectedNames, samples } = tally.inactive;
    const reasons = await this.judging.reasons(
      { staged: count - barred, earlier: 0, same: null, protectedNames },
      await this.due.countActive(),
    );
    const decision = !complete ? 'unknown' : reasons.length > 0 ? 'hold' : 'pass';
    return {
      looked: tally.looked,
      complete,
      becomeInactive: { count, samples },
      becomeActive: tally.active,
      guard: { decision, reasons },
    };
  }

  /** Activity depends on authoritative marks and accounts alone: an order of sources or priorities changes values. */
  private async changeOf(wanted: Exclude<PreviewedChange, { kind: 'merge' }>): Promise<Change> {
    const now = await this.settings.get();
    const base = { now, after: now, retired: null, integration: null, ownUsers: await this.readings.ownUsers() };
    if (wanted.kind === 'sources') {
      checkSources(wanted.sources, await this.fields.all(), now);
      return base;
    }
    const { integration } = wanted;
    const known = now.integrations[integration];
    if (known === undefined) throw integrationNotFound(integration);
    if (wanted.kind === 'retirement') return { ...base, retired: integration, integration };
    const { authoritative = known.authoritative, priority = known.priority } = wanted;
    const integrations = { ...now.integrations, [integration]: { ...known, authoritative, priority } };
    const concerns = authoritative === known.authoritative ? null : integration;
    return { ...base, after: { ...now, integrations }, integration: concerns };
  }

  /** False when the time was up before everybody was looked at. */
  private async walk(change: Change, integration: string, tally: Tally, limitMs: number): Promise<boolean> {
    const until = performance.now() + limitMs;
    let piece = new Map<string, string>();
    for await (const { account, person } of this.due.peopleWith(integration)) {
      if (!piece.has(person)) piece.set(person, account);
      if (piece.size < peoplePerLook) continue;
      await this.look(change, integration, piece, tally);
      piece = new Map();
      if (performance.now() > until) return false;
    }
    await this.look(change, integration, piece, tally);
    return true;
  }

  private async look(
    change: Change,
    integration: string,
    piece: ReadonlyMap<string, string>,
    tally: Tally,
  ): Promise<void> {
    const ids = [...piece.keys()];
    const [people, accounts] = await Promise.all([this.due.peopleById(ids), this.due.accountsOf(ids)]);
    const byPerson = new Map<string, AccountDocument[]>(ids.map((id) => [id, []]));
    for (const account of accounts) byPerson.get(account.person!)!.push(account);
    for (const person of people) {
      const own = byPerson.get(person._id)!;
      // Somebody with two accounts here is met twice, and counted at the first.
      if (firstOf(own, integration) !== piece.get(person._id)) continue;
      tally.looked += 1;
      count(tally, person, own, change);
    }
  }

  /** Takes effect at once: a person decides on these two. */
  private async ofMerge({ keep, merged }: Extract<PreviewedChange, { kind: 'merge' }>): Promise<PeopleEffect> {
    if (keep === merged) throw samePerson();
    const people = await this.due.peopleById([keep, merged]);
    const [kept, gone] = [keep, merged].map((id) => {
      const person = people.find(({ _id }) => _id === id);
      if (person === undefined) throw personNotFound(id);
      if (person.mergedInto !== null) throw personMerged(id, person.mergedInto);
      return person;
    }) as [PersonDocument, PersonDocument];
    const own = (await this.due.accountsOf([keep, merged])).filter(
      ({ passive, person }) => !passive || person === merged,
    );
    const settings = await this.settings.get();
    const active = foldActive(own, { hold: kept.hold, previous: kept }, settings);
    const inactive = [...(gone.active ? [gone] : []), ...(kept.active && !active ? [kept] : [])];
    const again = !kept.active && active ? [kept] : [];
    return {
      looked: 2,
      complete: true,
      becomeInactive: { count: inactive.length, samples: inactive.map(sampleOf) },
      becomeActive: { count: again.length, samples: again.map(sampleOf) },
      guard: { decision: 'not-judged', reasons: [] },
    };
  }
}

function newTally(): Tally {
  const inactive = { count: 0, protected: 0, protectedNames: [], samples: [] };
  return { looked: 0, inactive, active: { count: 0, samples: [] } };
}

function firstOf(own: readonly AccountDocument[], integration: string): string | undefined {
  return own
    .filter((account) => account.integration === integration && !account.passive)
    .map(({ _id }) => _id)
    .sort()[0];
}

/** Only what this change makes of somebody is counted: whoever is due by an earlier one stays out. */
function count(tally: Tally, person: PersonDocument, own: readonly AccountDocument[], change: Change): void {
  if (person.mergedInto !== null) return;
  const accounts = own.filter(({ passive }) => !passive);
  const state = { hold: person.hold, previous: person };
  const before = foldActive(accounts, state, change.now);
  const left =
    change.retired === null ? accounts : accounts.filter(({ integration }) => integration !== change.retired);
  const after = foldActive(left, state, change.after);
  if (person.active && before && !after) {
    tally.inactive.count += 1;
    note(tally.inactive.samples, person);
    if (whyProtected(person, left, change.ownUsers) === null) return;
    tally.inactive.protected += 1;
    if (tally.inactive.protectedNames.length < mostSamples) tally.inactive.protectedNames.push(personName(person));
  } else if (!person.active && !before && after) {
    tally.active.count += 1;
    note(tally.active.samples, person);
  }
}

function note(samples: { person: string; name: string }[], person: PersonDocument): void {
  if (samples.length < mostSamples) samples.push(sampleOf(person));
}

function sampleOf(person: PersonDocument): { person: string; name: string } {
  return { person: person._id, name: personName(person) };
}
