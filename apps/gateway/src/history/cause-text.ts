import type { Cause, Change } from '@rollcall/contracts';

/** What causes name by id, as far as it is still stored. */
export interface CauseNames {
  readonly integrations: ReadonlyMap<string, string>;
  readonly runs: ReadonlyMap<string, { readonly integrationName: string; readonly at: string }>;
  /** What was changed, by people plan. */
  readonly plans: ReadonlyMap<string, string>;
  /** Workflow name and what the step does, by workflow run and step. */
  readonly steps: ReadonlyMap<string, { readonly workflow: string; readonly preset: string }>;
  /** People or their keys, by actor. */
  readonly actors: ReadonlyMap<string, string>;
}

export const stepKey = (workflowRun: string, step: string): string => `${workflowRun} ${step}`;

type Told = Pick<Change, 'kind' | 'event' | 'cause'>;

/** Why a record changed, in a sentence or two that need no id: what happened, by what, and when that was. */
export function causeText({ kind, event, cause }: Told, names: CauseNames): string {
  switch (cause.kind) {
    case 'run':
      return `${runOf(cause, names)} ${ofRun(kind, event)}`;
    case 'sweep':
      return `${runOf(cause, names)} ${ofSweep(kind, cause.line)}`;
    case 'undo':
      return `Somebody undid the ${runName(cause, names)}.`;
    case 'command':
      return `${actorOf(cause.actor, names)} did this by hand.`;
    case 'observation':
      return ofStep(cause, names);
    case 'retirement':
      return `${actorOf(cause.actor, names)} deleted the integration ${integrationOf(cause.integration, names)} together with what it had brought.`;
    case 'refold':
      return 'The settings that decide which account gives which value of a person were changed.';
    case 'people-plan':
      return `No account keeps this person active any more, since this was changed: ${planOf(cause.plan, names)}`;
    case 'people-plan-undo':
      return `Somebody took back that people became inactive by this change: ${planOf(cause.plan, names)}`;
  }
}

type OfRun = { readonly run: string; readonly integration: string };

const runOf = (cause: OfRun, names: CauseNames): string => `The ${runName(cause, names)}`;

function runName({ run, integration }: OfRun, names: CauseNames): string {
  const known = names.runs.get(run);
  const name = names.integrations.get(integration) ?? known?.integrationName;
  const of = name === undefined ? 'an integration that is deleted' : quotedName(name);
  return known === undefined ? `run of ${of}` : `run of ${of} of ${readableTime(known.at)}`;
}

function ofRun(kind: Told['kind'], event: Told['event']): string {
  const what = event?.split('.').at(-1) ?? 'updated';
  if (kind === 'account') return whatARunDoes[what] ?? 'read other values for this account.';
  return whatARunMeans[what] ?? 'read other values for an account of this person.';
}

const whatARunDoes: Readonly<Record<string, string>> = {
  created: 'found this account for the first time.',
  deactivated: 'read that the account is not active at the vendor.',
  reactivated: 'read that the account is active at the vendor again.',
};
const whatARunMeans: Readonly<Record<string, string>> = {
  created: 'found an account that belongs to nobody known, so this person was added.',
  deactivated: 'read that an account is not active, and no other account keeps this person active.',
  reactivated: 'read that an account of this person is active at the vendor again.',
};

function ofSweep(kind: Told['kind'], line: 'missing' | 'inactive'): string {
  const fact =
    line === 'missing'
      ? 'read the complete list of the vendor, and the account was not in it any more'
      : 'read that the account is not active at the vendor any more';
  return kind === 'account' ? `${fact}.` : `${fact}. No other account keeps this person active.`;
}

function ofStep({ workflowRun, step }: Extract<Cause, { kind: 'observation' }>, names: CauseNames): string {
  const known = names.steps.get(stepKey(workflowRun, step));
  if (known === undefined) return `A workflow did this at the vendor (step ${quotedName(step)}).`;
  return `The workflow ${quotedName(known.workflow)} did this at the vendor (step ${quotedName(step)}, ${known.preset}).`;
}

const integrationOf = (id: string, names: CauseNames): string => quotedName(names.integrations.get(id) ?? id);
const actorOf = (actor: string, names: CauseNames): string => names.actors.get(actor) ?? actor;
const planOf = (plan: string, names: CauseNames): string =>
  names.plans.get(plan) ?? 'a setting; what it was is not stored any more.';
const quotedName = (name: string): string => `"${name}"`;

/** `20 November 2026, 08:00 UTC`: the same wherever the gateway runs. */
function readableTime(iso: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${parts.format(new Date(iso)).replace(' at ', ', ')} UTC`;
}
