import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import { cancelRun, previewUndo, retryRun, type RunRecord, undoRun, type UndoRunBody } from '@rollcall/contracts';
import { CONFIG } from '@rollcall/service';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { GatewayConfig } from '../config.js';
import { Accepted } from '../http/accepted.js';
import type { CallContext } from '../http/operation.js';
import { RunsQueries } from './runs.queries.js';

const bodyOf = ({ run }: { run: RunRecord }) => run;

const lookAfterMs = 50;

@Injectable()
export class RunsService {
  constructor(
    private readonly commands: OwnerCommands,
    private readonly queries: RunsQueries,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async cancel(run: string, call: CallContext) {
    return this.commands.send(cancelRun, call, { aggregate: run, input: { run }, bodyOf });
  }

  async retry(run: string, call: CallContext) {
    return this.commands.send(retryRun, call, { aggregate: run, input: { run }, bodyOf });
  }

  /** Answers with what came of it, unless that takes longer than a command may; then the run tells it later. */
  async undo(run: string, { pause }: UndoRunBody, call: CallContext) {
    const until = performance.now() + this.config.ROLLCALL_COMMAND_WAIT_MS;
    const answer = await this.commands.send(undoRun, call, { aggregate: run, input: { run, pause }, bodyOf });
    if (answer instanceof Accepted) return answer;
    for (;;) {
      const now = await this.queries.get(run);
      if (now.undone?.counts || performance.now() >= until) return now;
      await sleep(lookAfterMs);
    }
  }

  async previewUndo(run: string, call: CallContext) {
    return this.commands.send(previewUndo, call, { aggregate: run, input: { run }, bodyOf: (result) => result });
  }
}
