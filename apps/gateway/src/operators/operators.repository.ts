import { Injectable } from '@nestjs/common';
import {
  type ClientSession,
  Databases,
  inTransaction,
  isDuplicateKey,
  operatorContacts,
  type OperatorDocument,
  type OperatorLinkDocument,
  operatorLinks,
  operators,
  queryTimeMs,
  trusted,
} from '@rollcall/collections';

const bounded = { maxTimeMS: queryTimeMs };
const withAdminRole = { state: 'active', 'grants.role': 'admin' } as const;

@Injectable()
export class OperatorsRepository {
  constructor(private readonly databases: Databases) {}

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  transaction<Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }

  async find(id: string, session?: ClientSession): Promise<OperatorDocument | null> {
    return this.operators.findOne({ _id: id }, null, { ...bounded, ...withSession(session) }).lean();
  }

  async findByEmail(emailKey: string, session?: ClientSession): Promise<OperatorDocument | null> {
    return this.operators.findOne({ emailKey }, null, { ...bounded, ...withSession(session) }).lean();
  }

  async findBySubject(subject: string): Promise<OperatorDocument | null> {
    return this.operators.findOne({ subject }, null, bounded).lean();
  }

  async all(): Promise<OperatorDocument[]> {
    return this.operators.find({}, null, { ...bounded, sort: { createdAt: 1 } }).lean();
  }

  /** Active operators who have the role `admin` everywhere, none of whom anybody else changes until the transaction ends. */
  async administrators(session: ClientSession): Promise<OperatorDocument[]> {
    await this.operators.updateMany(withAdminRole, { $set: { countedAt: this.time() } }, { session });
    const found: OperatorDocument[] = await this.operators.find(withAdminRole, null, { session }).lean();
    return found.filter(isAdministrator);
  }

  async hasAdministrator(): Promise<boolean> {
    const found: OperatorDocument[] = await this.operators.find(withAdminRole, null, bounded).lean();
    return found.some(isAdministrator);
  }

  /** False when there is an operator with this address or subject already. */
  async insert(document: OperatorDocument, session?: ClientSession): Promise<boolean> {
    try {
      await this.within(session, async (own) => {
        await this.operators.create([document], { session: own });
        await this.publish(document, own);
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The operator after the change; null when there is none of this version any more. */
  async update(
    { _id, version }: Pick<OperatorDocument, '_id' | 'version'>,
    change: Partial<OperatorDocument>,
    session?: ClientSession,
  ): Promise<OperatorDocument | null> {
    return this.within(session, async (own) => {
      const changed: OperatorDocument | null = await this.operators
        .findOneAndUpdate(
          { _id, version },
          { $set: { ...change, version: version + 1 } },
          { returnDocument: 'after', session: own },
        )
        .lean();
      if (changed !== null) await this.publish(changed, own);
      return changed;
    });
  }

  /** What other services may know of an operator, in the transaction that changes them. */
  private async publish({ _id, name, email, state }: OperatorDocument, session: ClientSession): Promise<void> {
    const contact = { name, email, isActive: state !== 'disabled' };
    const model = this.databases.model(operatorContacts);
    await model.updateOne({ _id }, { $set: contact }, { upsert: true, session });
  }

  private within<Result>(
    session: ClientSession | undefined,
    work: (session: ClientSession) => Promise<Result>,
  ): Promise<Result> {
    return session ? work(session) : this.transaction(work);
  }

  /**
   * False when what was proven does not hold any more: they have another password, were signed out or are not active. What
   * this writes excludes whoever changes that at the same time. No version: signing in is no edit, and must not make the
   * edit of somebody else fail.
   */
  async noteSignIn(
    { _id, passwordHash, signOuts }: OperatorDocument,
    at: Date,
    session: ClientSession,
  ): Promise<boolean> {
    const since = signOuts ?? trusted({ $exists: false });
    const { matchedCount } = await this.operators.updateOne(
      { _id, state: 'active', passwordHash, signOuts: since },
      { $set: { lastSignInAt: at } },
      { session },
    );
    return matchedCount === 1;
  }

  /** Ends sign-ins of theirs that are under way. */
  async noteSignOut(id: string, session: ClientSession): Promise<void> {
    await this.operators.updateOne({ _id: id }, { $inc: { signOuts: 1 } }, { session });
  }

  async insertLink(link: OperatorLinkDocument, session?: ClientSession): Promise<void> {
    await this.links.create([link], withSession(session));
  }

  async findLink(id: string): Promise<OperatorLinkDocument | null> {
    return this.links.findOne({ _id: id }, null, bounded).lean();
  }

  /** False when somebody else used it up. */
  async takeLink(id: string, session: ClientSession): Promise<boolean> {
    return (await this.links.deleteOne({ _id: id }, { session })).deletedCount === 1;
  }

  /** Links of an operator, or those for the first administrator (null), open nothing any more. */
  async dropLinks(operator: string | null, session?: ClientSession): Promise<void> {
    await this.links.deleteMany({ operator }, withSession(session));
  }

  private get operators() {
    return this.databases.model(operators);
  }

  private get links() {
    return this.databases.model(operatorLinks);
  }
}

export function isAdministrator({ state, grants }: Pick<OperatorDocument, 'state' | 'grants'>): boolean {
  return state === 'active' && grants.some(({ role, limit }) => role === 'admin' && limit === null);
}

const withSession = (session?: ClientSession) => (session ? { session } : {});
