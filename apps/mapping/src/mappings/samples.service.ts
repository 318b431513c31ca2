import { Inject, Injectable } from '@nestjs/common';
import { type ClientSession, Databases, type ReadingDocument, type SamplesDocument } from '@rollcall/collections';
import type { RawUser } from '@rollcall/contracts';

import { ErasedUsersRepository } from '../accounts/erased-users.repository.js';
import { SamplesRepository } from './samples.repository.js';

const mostSamples = 20;
/** A record that is larger stays out: samples show a mapping, and are no copy of the vendor. */
const largestRecord = 20_000;
/** Levels of a record; the database takes about a hundred, and the document itself has some. */
const deepestRecord = 50;

/** Keeps the first records of the newest run of each integration, so that a mapping can be tried on real ones. */
@Injectable()
export class SamplesService {
  /** Newest generation noted by this process; noting one twice would only write the same again. */
  private readonly noted = new Map<string, number>();

  constructor(
    private readonly repository: SamplesRepository,
    private readonly databases: Databases,
    @Inject(ErasedUsersRepository) private readonly erasedUsers: Pick<ErasedUsersRepository, 'among'>,
  ) {}

  async note(
    { _id, generation, pinned }: Pick<ReadingDocument, '_id' | 'generation' | 'pinned'>,
    slice: { readonly messages: readonly { readonly users: readonly RawUser[] }[] },
  ): Promise<void> {
    // One user is no sample of a vendor.
    if (pinned.scope !== 'full' || this.noted.get(_id) === generation) return;
    this.noted.set(_id, generation);
    const users = slice.messages
      .flatMap((message) => message.users)
      .slice(0, mostSamples)
      .filter(({ raw }) => isSample(raw));
    const erased = await this.erasedUsers.among(
      _id,
      users.map(({ id }) => id),
    );
    // Also one who came back: what they were before is gone, and nobody has to look at them to try a mapping.
    const kept = users.filter(({ id }) => !erased.has(id));
    await this.repository.put({ _id, generation, at: this.databases.time(), users: kept });
  }

  /** Records of a vendor that nobody asks any more. */
  async forget(integration: string, session: ClientSession): Promise<void> {
    await this.repository.remove(integration, session);
  }

  async of(integration: string): Promise<SamplesDocument | null> {
    return this.repository.find(integration);
  }
}

/** Whether a record can be kept: one that the database would refuse must not be met at every attempt on its slice. */
function isSample(raw: unknown): boolean {
  if (isDeeperThan(deepestRecord, raw)) return false;
  const text = JSON.stringify(raw);
  // Names with a NUL make no document.
  return text.length <= largestRecord && !text.includes('\\u0000');
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeperThan(levels - 1, one));
}
