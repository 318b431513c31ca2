import { Inject, Injectable } from '@nestjs/common';
import { INFRASTRUCTURE, type Infrastructure } from '@rollcall/service';

import { emailKeyOf } from '../operators/email-key.js';

/**
 * What stands for an account in counts of attempts. People type their password where the address belongs, so what they
 * typed is kept as a keyed digest: nobody who has the database alone finds it by trying.
 */
@Injectable()
export class AccountDigest {
  constructor(@Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure) {}

  /** The same for all ways to write one address. */
  of(email: string): string {
    return this.infrastructure.signing.digest('rollcall sign-in v1', emailKeyOf(email));
  }
}
