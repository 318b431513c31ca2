import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  bounded,
  Databases,
  people,
  type PersonDocument,
  queryTimeMs,
  recordOf,
  type Searchable,
  searchPage,
  settings,
  trusted,
} from '@rollcall/collections';
import { type MatchingReviewQuery, waitingCodes } from '@rollcall/contracts';

const byId: Searchable = { fields: {}, sortable: { id: '_id' }, defaultSort: 'id' };

type Condition = Record<string, unknown>;
type ReviewKind = NonNullable<MatchingReviewQuery['kind']>;

@Injectable()
export class MatchingQueries {
  constructor(private readonly databases: Databases) {}

  async reviews({ kind, integration, ...query }: MatchingReviewQuery) {
    const conditions = [
      ...(integration === undefined ? [] : [{ integration: { $eq: integration } }]),
      kind === 'inactive-person' ? await this.ofInactivePeople() : waiting(kind),
    ];
    const { items, page } = await searchPage(this.databases.model(accounts), byId, query, conditions);
    const candidates = await this.peopleOf(items.flatMap((account) => candidatesOf(account)));
    return {
      items: items.map((account) => ({
        ...reasonOf(account),
        account,
        candidates: candidatesOf(account).flatMap((id) => candidates.get(id) ?? []),
      })),
      page,
    };
  }

  async sources() {
    const stored = await bounded(() => this.databases.model(settings).findOne({ _id: 'fold' }).lean());
    return { version: stored?.version ?? 1, sources: stored?.sources ?? {} };
  }

  /** Few people are inactive and have an active account: a hold, an authoritative source, or a mistake. */
  private async ofInactivePeople(): Promise<Condition> {
    const persons = this.databases.model(people);
    const inactive = await bounded(() =>
      persons.aggregate<{ _id: string }>(
        [
          { $match: { active: false, mergedInto: null } },
          { $lookup: { from: accounts.name, localField: '_id', foreignField: 'person', as: 'own' } },
          { $match: { 'own.active': true } },
          { $project: { _id: 1 } },
          { $limit: 10_000 },
        ],
        { maxTimeMS: queryTimeMs },
      ),
    );
    return { active: { $eq: true }, person: { $in: inactive.map(({ _id }) => _id) } };
  }

  private async peopleOf(ids: readonly string[]): Promise<Map<string, Omit<PersonDocument, '_id'> & { id: string }>> {
    const found = await this.databases
      .model(people)
      .find({ _id: trusted({ $in: [...new Set(ids)] }) }, null, { maxTimeMS: queryTimeMs })
      .lean();
    return new Map(found.map((person) => [person._id, recordOf(person)]));
  }
}

function waiting(kind: ReviewKind | undefined): Condition {
  return { person: { $eq: null }, 'error.code': { $in: kind === undefined ? [...waitingCodes] : [kind] } };
}

type Account = Pick<AccountDocument, 'error' | 'person'>;

function candidatesOf({ error, person }: Account): readonly string[] {
  return person === null ? (error?.candidates ?? []) : [person];
}

function reasonOf({ error, person }: Account): { kind: ReviewKind; message: string } {
  const code = waitingCodes.find((one) => one === error?.code);
  if (person === null && code !== undefined) return { kind: code, message: error?.message ?? '' };
  const message =
    'The account is active although its person is not: they are held, or an authoritative source says that they left. ' +
    'Deactivate the account at its vendor, or correct the person.';
  return { kind: 'inactive-person', message };
}
