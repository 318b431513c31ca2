import { Injectable } from '@nestjs/common';
import { type InputOf, requestLease, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { LeasesService } from './leases.service.js';

@Injectable()
export class LeasesCommands {
  constructor(private readonly leases: LeasesService) {}

  /** Outside a transaction: the use log must be durable before anything is decrypted (P25). */
  @HandleCommand(requestLease, { mode: 'outside' })
  request(input: InputOf<typeof requestLease>, context: CommandContext): Promise<ResultOf<typeof requestLease>> {
    return this.leases.lease(input, context);
  }
}
