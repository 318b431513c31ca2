import { Injectable } from '@nestjs/common';
import { applyPreview, previewRun, type RunRecord } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

const bodyOf = ({ run }: { run: RunRecord }) => run;

@Injectable()
export class PreviewsService {
  constructor(private readonly commands: OwnerCommands) {}

  async start(integration: string, call: CallContext) {
    return this.commands.send(previewRun, call, { aggregate: integration, input: { integration }, bodyOf });
  }

  async apply(run: string, call: CallContext) {
    return this.commands.send(applyPreview, call, { aggregate: run, input: { run }, bodyOf });
  }
}
