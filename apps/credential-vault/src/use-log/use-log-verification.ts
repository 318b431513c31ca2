import { Injectable } from '@nestjs/common';
import { Databases, verifyUseLog } from '@rollcall/collections';
import { type KeyVerification, mostNamedFaults } from '@rollcall/contracts';
import { DigestKey } from '@rollcall/secrets';

/** Follows the chains of the use log and names the entries at which they do not hold. */
@Injectable()
export class UseLogVerification {
  constructor(
    private readonly databases: Databases,
    private readonly key: DigestKey,
  ) {}

  verify(): Promise<KeyVerification['useLog']> {
    return verifyUseLog(this.databases, (...parts) => this.key.digest(...parts), mostNamedFaults);
  }
}
