import { Injectable } from '@nestjs/common';
import {
  type CiphertextDocument,
  ciphertexts,
  Databases,
  inTransaction,
  type TokenDocument,
  tokens,
  trusted,
} from '@rollcall/collections';
import { refreshTokenField } from '@rollcall/contracts';
import type { Model } from 'mongoose';

/** Longest that a holder of the lock may take; a crashed one is overtaken after that. */
export const lockMs = 45_000;

/** Replaces a refresh token, where the vendor gave a new one with the access token. */
export type NewRefreshToken = Pick<CiphertextDocument, '_id' | 'dataKey' | 'ciphertext' | 'valueDigest'>;

/** What a token call came to, as it is stored. */
export type TokenResult =
  Pick<TokenDocument, 'ciphertext' | 'dataKey' | 'expiresAt'> | { readonly failure: TokenDocument['failure'] };

@Injectable()
export class TokensRepository {
  private readonly tokens: Model<TokenDocument>;

  constructor(private readonly databases: Databases) {
    this.tokens = databases.model(tokens);
  }

  /** By the database's clock, which all replicas share. */
  time(): Date {
    return this.databases.time();
  }

  async find(credential: string): Promise<TokenDocument | null> {
    return this.tokens.findOne({ _id: credential }).lean();
  }

  /** Makes the empty place of a credential's token, so that locking is one compare-and-set ever after. */
  async ensure(credential: string, removeAt?: Date): Promise<void> {
    const empty = {
      ...(removeAt && { removeAt }),
      tokenVersion: 0,
      secretVersion: 0,
      dataKey: '',
      ciphertext: null,
      expiresAt: new Date(0),
      askedAt: new Date(0),
      askedWith: 0,
      failure: null,
      lock: null,
    };
    await this.tokens.updateOne({ _id: credential }, { $setOnInsert: empty }, { upsert: true });
  }

  /** The right to ask for the token after `seen`: null when somebody else has it, or already asked (V18). */
  async lock(seen: TokenDocument, holder: string, at: Date): Promise<TokenDocument | null> {
    return this.tokens
      .findOneAndUpdate(
        {
          _id: seen._id,
          tokenVersion: seen.tokenVersion,
          askedAt: seen.askedAt,
          $or: [{ lock: null }, { 'lock.until': trusted({ $lt: at }) }],
        },
        { $set: { lock: { holder, until: new Date(at.getTime() + lockMs) } } },
        { returnDocument: 'after' },
      )
      .lean();
  }

  /** Before the request leaves: two of one secret are never closer than the pause between them (V20). */
  async noteAsking(credential: string, holder: string, secretVersion: number, at: Date): Promise<void> {
    await this.tokens.updateOne(
      { _id: credential, 'lock.holder': holder },
      { $set: { askedAt: at, askedWith: secretVersion } },
    );
  }

  /**
   * Ends the lock with what came of it. A holder that was overtaken changes nothing, except that a new refresh token is
   * kept in any case: the one of before may have ended with it.
   */
  async store(
    credential: string,
    holder: string,
    secretVersion: number,
    result: TokenResult,
    refresh: readonly NewRefreshToken[] = [],
  ): Promise<void> {
    const change =
      'failure' in result
        ? { $set: { failure: result.failure, lock: null } }
        : { $set: { ...result, secretVersion, failure: null, lock: null }, $inc: { tokenVersion: 1 } };
    if (refresh.length === 0) {
      await this.tokens.updateOne({ _id: credential, 'lock.holder': holder }, change);
      return;
    }
    await inTransaction(this.databases, async (session) => {
      await this.tokens.updateOne({ _id: credential, 'lock.holder': holder }, change, { session });
      for (const { _id, ...replacement } of refresh) {
        const replaced = { $set: replacement };
        await this.databases.model(ciphertexts).updateOne({ _id }, replaced, { session });
      }
    });
  }

  /** Versions of a credential's secret that hold a refresh token: of one consent, so they hold the same. */
  async refreshVersions(credential: string): Promise<number[]> {
    return this.databases.model(ciphertexts).distinct('secretVersion', { credential, field: refreshTokenField });
  }

  /** Only if it is still what was read. */
  async drop({ _id, ciphertext }: TokenDocument): Promise<void> {
    await this.tokens.updateOne({ _id, ciphertext }, { $set: { ciphertext: null } });
  }

  async remove(credential: string): Promise<void> {
    await this.tokens.deleteOne({ _id: credential });
  }
}
