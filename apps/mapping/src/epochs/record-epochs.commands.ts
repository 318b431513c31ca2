import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, resyncRecords } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { RecordEpochsService } from './record-epochs.service.js';

/** A person knows of a restore that nothing shows. */
@Injectable()
export class RecordEpochsCommands {
  constructor(private readonly epochs: RecordEpochsService) {}

  @HandleCommand(resyncRecords)
  async resync(
    _input: InputOf<typeof resyncRecords>,
    { session }: CommandContext,
  ): Promise<ResultOf<typeof resyncRecords>> {
    return { epoch: await this.epochs.beginIn(session) };
  }
}
