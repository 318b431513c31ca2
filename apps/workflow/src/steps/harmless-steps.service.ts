import { Injectable } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import { AppError } from '@rollcall/contracts';

import { callVendor, effectIn, readBack } from '../vendors/vendor-calls.js';
import { type VendorPlace, VendorPlaces } from '../vendors/vendor-places.service.js';
import { type VendorSession, VendorSessions } from '../vendors/vendor-sessions.service.js';
import type { EndedState } from '../workflow-runs/workflow-run-record.js';
import { versionId } from '../workflows/workflows.repository.js';
import { type RenderedStep, renderStep } from './rendered-step.js';
import { backoffMs, type Step, type StepEnd, type StepResult, type Subject, waitFor } from './step.js';
import { SubjectsService } from './subjects.service.js';
import { whyNoLonger } from './trigger-holds.js';
import { withSession } from './with-session.js';

const mostAttempts = 5;

/** Stores that a call is about to be made, so that a crash in it is noticed. Throws when the run is lost. */
export type NoteAttempt = (attempts: number) => Promise<void>;

/**
 * Steps that destroy nothing: run at once, retried when that is safe. A read always is; a call that creates or changes
 * something only after a read-back that shows no effect.
 */
@Injectable()
export class HarmlessSteps {
  constructor(
    private readonly subjects: SubjectsService,
    private readonly sessions: VendorSessions,
    private readonly places: VendorPlaces,
    private readonly databases: Databases,
  ) {}

  async run(step: Step, noteAttempt: NoteAttempt): Promise<StepResult> {
    const { attempts, state } = step.run.steps[step.position]!;
    const subject = await this.subjects.load(step);
    const diedInCall = state === 'running' && attempts > 0 && step.preset.effect !== 'read';
    if (!diedInCall) {
      const reason = whyNoLonger(step, subject);
      if (reason !== null) return end('skipped', reason, attempts);
    }
    const ready = await this.ready(step, subject);
    if (typeof ready === 'string') return end(diedInCall ? 'unknown' : 'refused', ready, attempts);
    const { rendered, place } = ready;
    return withSession(this.sessions, step, {
      // One lease per workflow version serves all harmless steps (architecture 8).
      purpose: { kind: 'workflow', reference: versionId(step.run.workflow, step.run.workflowVersion) },
      attempts,
      place,
      refused: (message) => end(diedInCall ? 'unknown' : 'refused', message, attempts),
      work: (session) =>
        diedInCall
          ? this.settleUnknown(step, subject, session, rendered, attempts)
          : this.call(step, subject, session, { rendered, attempt: attempts + 1, noteAttempt }),
    });
  }

  /** The call, where at the vendor the user whom it names lies. The reason in words when it cannot be made. */
  private async ready(step: Step, subject: Subject) {
    const first = render(step, subject);
    if (typeof first === 'string') return first;
    const account = accountNamed(step, subject, first) ?? null;
    const { connector, block } = step;
    const place = await this.places.find({ connector, credential: block.credential, account });
    const rendered = render(step, subject, place.inputs);
    if (typeof rendered === 'string') return rendered;
    return { rendered, place: { ...place, inputs: rendered.inputs } };
  }

  private async call(
    step: Step,
    subject: Subject,
    session: VendorSession,
    { rendered, attempt, noteAttempt }: { rendered: RenderedStep; attempt: number; noteAttempt: NoteAttempt },
  ): Promise<StepResult> {
    await noteAttempt(attempt);
    const { outcome, message, retryAt } = await callVendor(session, step.preset, rendered.call);
    if (retryAt !== null && attempt < mostAttempts) {
      // eslint-disable-next-line no-restricted-syntax -- because the vendor's pause was reckoned by the clock of this machine
      return waitFor(Math.max(retryAt - Date.now(), 1_000), message ?? 'The vendor asks to wait.', attempt);
    }
    if (outcome !== 'unknown') return end(outcome, message, attempt);
    if (step.preset.effect !== 'read') return this.settleUnknown(step, subject, session, rendered, attempt);
    const text = message ?? 'The answer of the vendor could not be understood.';
    return attempt < mostAttempts ? waitFor(backoffMs(attempt), text, attempt) : end('refused', text, attempt);
  }

  /** What became of a call without an answer: the vendor is asked, and without its answer nothing is repeated. */
  private async settleUnknown(
    step: Step,
    subject: Subject,
    session: VendorSession,
    rendered: RenderedStep,
    attempts: number,
  ): Promise<StepResult> {
    const account = accountNamed(step, subject, rendered);
    const lost = 'The answer was lost. Check the outcome at the vendor; the call is not repeated automatically.';
    if (!account || step.preset.confirmedWhen === null) return end('unknown', lost, attempts);
    const found = await readBack(session, account, this.databases.timeMs());
    if (!found.ok) return end('unknown', `${lost} ${found.reason}`, attempts);
    const effect = effectIn(found.answer, step.preset.confirmedWhen);
    if (effect === 'visible') return end('done', 'The answer was lost; the vendor shows that it was done.', attempts);
    if (effect === 'unclear' || attempts >= mostAttempts) return end('unknown', lost, attempts);
    return waitFor(
      backoffMs(attempts),
      'The answer was lost and the vendor shows no effect; tried again soon.',
      attempts,
    );
  }
}

function accountNamed({ connector }: Step, { accounts }: Subject, { names }: RenderedStep) {
  return accounts.find(
    (account) =>
      account.connector === connector.manifest.id &&
      names.some((name) => name === account.vendorId || name === account.username),
  );
}

function end(state: EndedState, message: string | null, attempts: number): StepEnd {
  return { kind: 'ended', state, message, attempts };
}

function render(step: Step, subject: Subject, place: VendorPlace['inputs'] = {}): RenderedStep | string {
  try {
    return renderStep(step, subject, place);
  } catch (error) {
    if (error instanceof AppError && !error.retriable) return error.message;
    throw error;
  }
}
