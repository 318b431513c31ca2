import { Injectable } from '@nestjs/common';
import { type AccountDocument, Databases, type IntentDocument } from '@rollcall/collections';
import type { UserAnswer } from '@rollcall/connector-kit';

import type { RenderedStep } from '../steps/rendered-step.js';
import { backoffMs, type Observation, type Step, type StepEnd, type StepResult, waitFor } from '../steps/step.js';
import { withSession } from '../steps/with-session.js';
import { type CallResult, callVendor, effectIn, findingIn, type ReadBack, readBack } from '../vendors/vendor-calls.js';
import type { VendorPlace } from '../vendors/vendor-places.service.js';
import { type VendorSession, VendorSessions } from '../vendors/vendor-sessions.service.js';
import { LeaseLost } from '../workflow-runs/workflow-runs.service.js';
import { EffectGuard } from './effect-guard.service.js';
import { mostAttempts } from './intent-state.js';
import { IntentsRepository } from './intents.repository.js';
import { isSameUser, wasSeenLast } from './target.js';

/** An intent with what its next call would be, or with the reason why there may be no further call. */
export type Planned = { readonly intent: IntentDocument; readonly place: VendorPlace } & (
  { readonly rendered: RenderedStep; readonly account: AccountDocument } | { readonly refusal: string }
);

type Ready = Extract<Planned, { rendered: RenderedStep }>;
type EndState = 'done' | 'already-gone' | 'refused' | 'unknown' | 'skipped';

const readAgainMs = 60_000;
const readableWithinMs = 24 * 60 * 60_000;

/** The calls of an intent: read back, note, call, judge, read back (P15–P17). */
@Injectable()
export class AttemptsService {
  constructor(
    private readonly intents: IntentsRepository,
    private readonly sessions: VendorSessions,
    private readonly guard: EffectGuard,
    private readonly databases: Databases,
  ) {}

  /** The first call of a planned intent, after the vendor confirmed that the target is still the same user (P16). */
  first(step: Step, planned: Ready): Promise<StepResult> {
    return this.inSession(step, planned, async (session) => {
      const { intent, account } = planned;
      const barred = await this.guard.whyBarredNow(intent, session.ownUsers);
      if (barred !== null) return this.end(intent, 'refused', barred);
      const before = await this.readTarget(session, intent);
      if (!before.ok) return this.notReadable(intent, before);
      const reason = whyNotFirst(before.answer, planned);
      if (reason !== null) return this.end(intent, 'refused', reason);
      if (before.answer.kind === 'gone') {
        const message = `Nothing was sent: the user is gone already. ${before.answer.text}`;
        return this.proven(step, intent, account._id, 'already-gone', before, message);
      }
      if (effectIn(before.answer, step.preset.confirmedWhen) === 'visible') {
        return this.proven(
          step,
          intent,
          account._id,
          'done',
          before,
          'Nothing was sent: it is so at the vendor already.',
        );
      }
      return (await this.guard.takeBudget(step, account)) ?? this.attempt(step, session, planned, 1);
    });
  }

  /** Nothing was sent yet, so an outage of the vendor is waited for, but not for ever. */
  private notReadable(intent: IntentDocument, { reason, mayPass }: Extract<ReadBack, { ok: false }>): StepResult {
    const message = `Nothing was sent: the user could not be read. ${reason}`;
    const isFresh = this.databases.timeMs() - intent.createdAt.getTime() < readableWithinMs;
    return mayPass && isFresh ? waitFor(readAgainMs, message, 0) : this.end(intent, 'refused', message);
  }

  /** Goes on with an intent whose last call has an unknown fate: asks before anything else (P15). */
  resume(step: Step, planned: Planned, noLonger: string | null): Promise<StepResult> {
    const { intent } = planned;
    return this.inSession(step, planned, async (session) => {
      const found = await this.readTarget(session, intent);
      const ended = this.judgeReadBack(step, intent, found);
      if (ended) return ended;
      // From here on the vendor has shown that nothing took place.
      if (noLonger !== null) return this.end(intent, 'skipped', noLonger);
      if ('refusal' in planned) return this.end(intent, 'refused', planned.refusal);
      return this.attempt(step, session, planned, intent.attempts.length + 1);
    });
  }

  private async attempt(step: Step, session: VendorSession, planned: Ready, number: number): Promise<StepResult> {
    const { intent, rendered } = planned;
    const barred = await this.guard.whyBarredNow(intent, session.ownUsers);
    if (barred !== null) return this.end(intent, 'refused', barred);
    const noted = await this.intents.beginAttempt(intent, number, session.secretVersion);
    // Somebody else holds the run and noted this very attempt: it is theirs to make.
    if (!noted || step.signal.aborted) throw new LeaseLost();
    const result = await callVendor(session, step.preset, rendered.call);
    const { outcome, message } = result;
    await this.intents.noteOutcome(intent._id, number, outcome, message);
    const attempts = [...intent.attempts, { number, startedAt: this.databases.time(), outcome, message }];
    return this.judgeCall(step, session, { ...intent, state: 'attempting', attempts }, result);
  }

  /** What the answer to the newest attempt means, and where it says too little what the vendor shows. */
  private async judgeCall(
    step: Step,
    session: VendorSession,
    tried: IntentDocument,
    { outcome, message, retryAt }: CallResult,
  ): Promise<StepResult> {
    const number = tried.attempts.length;
    if (outcome === 'done' || outcome === 'already-gone') {
      const after = await this.readTarget(session, tried);
      return this.proven(step, tried, tried.target.account, outcome, after, message);
    }
    if (outcome === 'refused' && retryAt === null) return this.end(tried, 'refused', message ?? 'The vendor refused.');
    if (outcome === 'refused') {
      // eslint-disable-next-line no-restricted-syntax -- because the vendor's pause was reckoned by the clock of this machine
      return waitFor(Math.max(retryAt! - Date.now(), 1_000), message ?? 'The vendor asks to wait.', number);
    }
    const after = await this.readTarget(session, tried);
    return (
      this.judgeReadBack(step, tried, after) ??
      waitFor(backoffMs(number), 'The answer was lost and the vendor shows no effect; tried again soon.', number)
    );
  }

  /** The end of an intent by what the vendor shows, or null when it shows that nothing took place. */
  private judgeReadBack(step: Step, intent: IntentDocument, found: ReadBack): StepEnd | null {
    const ask = 'Check the outcome at the vendor; the call is never repeated automatically.';
    if (step.preset.confirmedWhen === null) {
      return this.end(
        intent,
        'unknown',
        `The answer was lost and the vendor cannot be asked about this effect. ${ask}`,
      );
    }
    if (!found.ok)
      return this.end(intent, 'unknown', `The answer was lost, and so was the read-back. ${found.reason} ${ask}`);
    const effect = effectIn(found.answer, step.preset.confirmedWhen);
    if (effect === 'visible') {
      const message = 'The answer was lost; the vendor shows that it was done.';
      return this.proven(step, intent, intent.target.account, 'done', found, message);
    }
    const isSame = found.answer.kind === 'found' && isSameUser(intent.target, found.answer.user);
    if (effect === 'unclear' || !isSame) {
      return this.end(intent, 'unknown', `The answer was lost, and the user is not the one of before. ${ask}`);
    }
    if (unansweredCalls(intent) < mostAttempts) return null;
    return this.end(intent, 'unknown', `${mostAttempts} calls were made and the vendor shows no effect. ${ask}`);
  }

  /** Ends an intent well and passes on what the vendor shows of the account, or else what its answer said. */
  private proven(
    step: Step,
    intent: IntentDocument,
    account: string,
    state: 'done' | 'already-gone',
    found: ReadBack,
    message: string | null,
  ): StepEnd {
    const observation = observe(step, account, found, this.databases.timeMs());
    const isContradicted = found.ok && effectIn(found.answer, step.preset.confirmedWhen) === 'absent';
    const text = isContradicted
      ? 'The vendor said that it was done, but reading it back does not show it yet.'
      : message;
    return { ...this.end(intent, state, text), observation };
  }

  private end(intent: IntentDocument, state: EndState, message: string | null): StepEnd {
    const intentState = state === 'already-gone' ? 'done' : state === 'skipped' ? 'refused' : state;
    return {
      kind: 'ended',
      state,
      message,
      attempts: intent.attempts.length,
      also: (session) => this.intents.end(intent._id, intentState, message, session),
    };
  }

  private readTarget(session: VendorSession, { target }: IntentDocument): Promise<ReadBack> {
    return readBack(session, { vendorId: target.vendorId, username: target.username }, this.databases.timeMs());
  }

  private async inSession(
    step: Step,
    { intent, place }: Planned,
    work: (session: VendorSession) => Promise<StepResult>,
  ): Promise<StepResult> {
    const purpose = { kind: 'intent', reference: intent._id } as const;
    const attempts = intent.attempts.length;
    const refused = (message: string) => this.end(intent, attempts === 0 ? 'refused' : 'unknown', message);
    const result = await withSession(this.sessions, step, { purpose, place, attempts, refused, work });
    if (result.kind === 'ended') this.sessions.close(step.block.credential, purpose);
    return result;
  }
}

/** Calls that the vendor put off did nothing by its own word and do not count. */
function unansweredCalls({ attempts }: IntentDocument): number {
  return attempts.filter(({ outcome }) => outcome !== 'refused').length;
}

function whyNotFirst(answer: UserAnswer, { intent, account }: Ready): string | null {
  if (answer.kind === 'gone') {
    if (!wasSeenLast(account)) return null;
    return (
      'The vendor does not know the user whom the last run saw, so nothing was sent. ' +
      `Check whether the credential belongs to the right tenant. ${answer.text}`
    );
  }
  if (!isSameUser(intent.target, answer.user)) {
    return 'The user at the vendor is not the one of the plan: name, e-mail and id do not match. Nothing was sent.';
  }
  return answer.user.administrator
    ? 'The user is now an administrator at the vendor, so nothing was sent. Do it by hand if it is right.'
    : null;
}

function observe(step: Step, account: string, found: ReadBack, nowMs: number): Observation | null {
  if (found.ok) {
    const finding = findingIn(found.answer);
    if (finding === null) return null;
    const text = found.answer.kind === 'gone' ? found.answer.text : 'The vendor shows the user as inactive.';
    return { account, finding, observedAt: found.askedAt, text };
  }
  const { confirmedWhen } = step.preset;
  if (confirmedWhen === null || !('user' in confirmedWhen) || confirmedWhen.user === 'present') return null;
  const text = 'The vendor answered that it was done; it could not be asked again.';
  return { account, finding: confirmedWhen.user, observedAt: nowMs, text };
}
