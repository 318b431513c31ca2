import { Injectable } from '@nestjs/common';
import { type AccountDocument, Databases, type IntentDocument } from '@rollcall/collections';
import { AppError } from '@rollcall/contracts';

import { PublishedRecords } from '../records/published-records.repository.js';
import { type RenderedStep, renderStep } from '../steps/rendered-step.js';
import { type Step, type StepEnd, stepId, type StepResult, type Subject } from '../steps/step.js';
import { SubjectsService } from '../steps/subjects.service.js';
import { whyNoLonger } from '../steps/trigger-holds.js';
import { type VendorPlace, VendorPlaces } from '../vendors/vendor-places.service.js';
import { AttemptsService, type Planned } from './attempts.service.js';
import { EffectGuard } from './effect-guard.service.js';
import { IntentsRepository } from './intents.repository.js';
import { whyProtected } from './protection.js';
import { findTarget, freezeTarget } from './target.js';

/** What a step would do now: which call on which account, and where at the vendor. */
interface Plan {
  readonly rendered: RenderedStep;
  readonly account: AccountDocument;
  readonly place: VendorPlace;
}

/**
 * A destructive step, from plan to proof (architecture 9): the intent is written first, its target frozen; it waits for
 * the undo window; everything is looked at again before the call; the call is made at most once unless a read-back
 * showed that it had no effect (P15).
 */
@Injectable()
export class DestructiveSteps {
  constructor(
    private readonly intents: IntentsRepository,
    private readonly subjects: SubjectsService,
    private readonly guard: EffectGuard,
    private readonly attempts: AttemptsService,
    private readonly places: VendorPlaces,
    private readonly records: PublishedRecords,
    private readonly databases: Databases,
  ) {}

  async run(step: Step): Promise<StepResult> {
    const intent = await this.intents.find(stepId(step));
    const subject = await this.subjects.load(step);
    const reason = whyNoLonger(step, subject);
    // A call may be under way since before a crash: first find out what became of it, whatever the record says now.
    if (intent?.state === 'attempting')
      return this.attempts.resume(step, await this.again(step, subject, intent), reason);
    if (reason !== null) return this.end(intent, 'skipped', reason);
    return this.proceed(step, subject, intent);
  }

  private async proceed(step: Step, subject: Subject, known: IntentDocument | null): Promise<StepResult> {
    const planned = await this.plan(step, subject);
    if (typeof planned === 'string') return this.end(known, 'refused', planned);
    const intent = known ?? (await this.write(step, planned));
    const changed = whyChanged(intent, planned);
    if (changed !== null) return this.end(intent, 'refused', changed);
    const barred = whyProtected(planned.account, subject.person);
    if (barred !== null) return this.end(intent, 'refused', barred);
    const waiting = await this.guard.undoWindow(step);
    if (waiting?.kind === 'ended') return this.end(intent, waiting.state, waiting.message);
    if (waiting) return waiting;
    return (await this.guard.budgetLeft(step, planned.account)) ?? this.attempts.first(step, { ...planned, intent });
  }

  private async plan(step: Step, subject: Subject): Promise<Plan | string> {
    try {
      const account = findTarget(step, subject, renderStep(step, subject));
      if (typeof account === 'string') return account;
      const place = await this.placeOf(step, account);
      const rendered = renderStep(step, subject, place.inputs);
      return { rendered, account, place: { ...place, inputs: rendered.inputs } };
    } catch (error) {
      if (error instanceof AppError && !error.retriable) return error.message;
      throw error;
    }
  }

  private placeOf({ connector, block }: Step, account: AccountDocument | null): Promise<VendorPlace> {
    return this.places.find({ connector, credential: block.credential, account });
  }

  private async again(step: Step, subject: Subject, intent: IntentDocument): Promise<Planned> {
    const planned = await this.plan(step, subject);
    if (typeof planned === 'string') {
      const place = await this.placeOf(step, await this.records.findAccount(intent.target.account));
      return { intent, place, refusal: planned };
    }
    const refusal = whyChanged(intent, planned) ?? whyProtected(planned.account, subject.person);
    return refusal === null ? { intent, ...planned } : { intent, place: planned.place, refusal };
  }

  private async write(step: Step, { rendered, account }: { rendered: RenderedStep; account: AccountDocument }) {
    const { run, block } = step;
    const intent: IntentDocument = {
      _id: stepId(step),
      workflowRun: run._id,
      step: block.id,
      state: 'planned',
      preset: block.preset,
      connector: block.connector,
      credential: block.credential,
      secretVersion: null,
      target: freezeTarget(account),
      requestDigest: rendered.call.digest,
      attempts: [],
      message: null,
      createdAt: this.databases.time(),
    };
    await this.intents.insert(intent);
    return intent;
  }

  private end(intent: IntentDocument | null, state: 'skipped' | 'refused', message: string): StepEnd {
    return {
      kind: 'ended',
      state,
      message,
      attempts: intent?.attempts.length ?? 0,
      also: async (session) => {
        if (intent) await this.intents.end(intent._id, 'refused', message, session);
      },
    };
  }
}

/** The plan of an intent never moves: another target or another request is another intent (I7). */
function whyChanged(
  intent: IntentDocument,
  { rendered, account }: { rendered: RenderedStep; account: AccountDocument },
): string | null {
  if (account._id === intent.target.account && rendered.call.digest === intent.requestDigest) return null;
  return 'The record changed since the step was planned, so that the call would be another one. Nothing was sent.';
}
