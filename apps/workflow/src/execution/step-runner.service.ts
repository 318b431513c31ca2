import { Injectable } from '@nestjs/common';
import { Databases, type WorkflowRunDocument, type WorkflowVersionDocument } from '@rollcall/collections';
import { observeAccount } from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';

import { DestructiveSteps } from '../intents/destructive-steps.service.js';
import { HarmlessSteps } from '../steps/harmless-steps.service.js';
import { actsDestructively } from '../steps/rendered-step.js';
import { type Step, type StepEnd, stepId, type StepResult } from '../steps/step.js';
import { VendorSessions } from '../vendors/vendor-sessions.service.js';
import { afterStepEnded, currentStep, whileStepWaits } from '../workflow-runs/workflow-run-record.js';
import { LeaseLost, WorkflowRunsService } from '../workflow-runs/workflow-runs.service.js';
import { WorkflowsRepository } from '../workflows/workflows.repository.js';

/** A run that this process holds. */
export interface ClaimedRun {
  readonly run: WorkflowRunDocument;
  readonly holder: string;
  readonly signal: AbortSignal;
}

/** Works through the steps of one held run, in order, until it ends or waits. */
@Injectable()
export class StepRunner {
  constructor(
    private readonly runs: WorkflowRunsService,
    private readonly workflows: WorkflowsRepository,
    private readonly sessions: VendorSessions,
    private readonly destructive: DestructiveSteps,
    private readonly harmless: HarmlessSteps,
    private readonly outbox: Outbox,
    private readonly databases: Databases,
  ) {}

  /** @throws LeaseLost when somebody else holds the run by now */
  async work(held: ClaimedRun): Promise<void> {
    const { workflow, workflowVersion } = held.run;
    const version = await this.workflows.findVersion(workflow, workflowVersion);
    if (!version) throw new Error(`version ${workflowVersion} of workflow ${workflow} is gone`);
    let { run } = held;
    for (let position = currentStep(run); position !== -1; position = currentStep(run)) {
      if (held.signal.aborted) throw new LeaseLost();
      const result = await this.execute({ ...held, run }, version, position);
      run = await this.store({ ...held, run }, position, result);
      if (result.kind === 'wait') return;
    }
  }

  private execute(held: ClaimedRun, version: WorkflowVersionDocument, position: number): Promise<StepResult> {
    const step = this.stepOf(held, version, position);
    if (!('preset' in step)) return Promise.resolve(step);
    if (actsDestructively(step)) return this.destructive.run(step);
    return this.harmless.run(step, async (attempts) => {
      const { run } = held;
      const steps = run.steps.map((one, index) =>
        index === position ? { ...one, state: 'running' as const, attempts } : one,
      );
      await this.runs.move({ ...run, steps, state: 'running' }, held.holder, { keepLease: true });
    });
  }

  private stepOf({ run, signal }: ClaimedRun, version: WorkflowVersionDocument, position: number): Step | StepEnd {
    const { begin, blocks } = version.definition;
    const block = blocks[position]!;
    const connector = this.sessions.findConnector(block.connector);
    const preset = connector?.manifest.presets.find(({ id }) => id === block.preset);
    if (!connector || !preset) {
      const message = `This release has no preset ${block.preset} of ${block.connector}. Change the block and activate again.`;
      return { kind: 'ended', state: 'refused', message, attempts: 0 };
    }
    return { run, position, trigger: begin.trigger, app: begin.app, block, preset, connector, signal };
  }

  private store({ run, holder }: ClaimedRun, position: number, result: StepResult): Promise<WorkflowRunDocument> {
    if (result.kind === 'wait') {
      const { until } = result;
      const goesOn = until instanceof Date ? until : new Date(this.databases.timeMs() + until.inMs);
      return this.runs.move(whileStepWaits(run, position, { ...result, until: goesOn }), holder, { keepLease: false });
    }
    const { state, message, attempts } = result;
    const next = afterStepEnded(run, position, { state, message, attempts }, this.databases.time());
    return this.runs.move(next, holder, {
      keepLease: next.endedAt === null,
      also: async (session) => {
        await result.also?.(session);
        await this.observe(run, position, result, session);
      },
    });
  }

  /** Told until its owner has an answer (F4); the key makes a repetition the same command. */
  private async observe(
    run: WorkflowRunDocument,
    position: number,
    { observation }: StepEnd,
    session: CommandContext['session'],
  ): Promise<void> {
    if (!observation) return;
    const { account, finding, observedAt, text } = observation;
    const step = run.steps[position]!.id;
    await this.outbox.command(session, observeAccount, {
      key: stepId({ run, block: { id: step } }),
      aggregate: account,
      actor: 'workflow',
      correlationId: run._id,
      input: { account, finding, observedAt, evidence: { workflowRun: run._id, step, text } },
    });
  }
}
