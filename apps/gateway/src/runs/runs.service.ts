import { Inject, Injectable } from '@nestjs/common';
import { cancelRun, retryRun, type RunRecord, undoRun } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

const bodyOf = ({ run }: { run: RunRecord }) => run;

@Injectable()
export class RunsService {
  constructor(@Inject(OwnerCommands) private readonly commands: OwnerCommands) {}

  async cancel(run: string, call: CallContext) {
    return this.commands.send(cancelRun, call, { aggregate: run, input: { run }, bodyOf });
  }

  async retry(run: string, call: CallContext) {
    return this.commands.send(retryRun, call, { aggregate: run, input: { run }, bodyOf });
  }

  async undo(run: string, call: CallContext) {
    return this.commands.send(undoRun, call, { aggregate: run, input: { run }, bodyOf });
  }
}
