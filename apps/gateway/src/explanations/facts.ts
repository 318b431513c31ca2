import type {
  HeldPlanDocument,
  IntentDocument,
  PeoplePlanDocument,
  PlanLineDocument,
  RunDocument,
} from '@rollcall/collections';
import type { ExplanationFact } from '@rollcall/contracts';

/** Name of whoever an actor is. */
export type NameOf = (actor: string) => string;

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;
const ofRun = ({ _id: id }: Pick<RunDocument, '_id'>) => ({ kind: 'run' as const, id });

/** What the run had read before it said that somebody is gone. */
export function evidenceFact(run: RunDocument): ExplanationFact[] {
  if (!run.evidence) return [];
  const { pages, distinct, total } = run.evidence;
  const whole = total === null ? '' : `; the vendor itself said that there are ${total}`;
  const text = `The run had read the whole list of "${run.integrationName}": ${count(distinct, 'user')} on ${count(pages, 'page')}${whole}.`;
  return [{ kind: 'evidence', text, at: run.endedAt, reference: ofRun(run) }];
}

/** What the vendor said of the one account. */
export function vendorFact(line: PlanLineDocument, run: RunDocument): ExplanationFact {
  const name = line.username ?? line.vendorId;
  const said =
    line.kind === 'missing'
      ? `${name} was not in the list. Where the vendor can be asked for one user it was, and nothing it said contradicted that.`
      : `The vendor's own mark of ${name} was not active: suspended, deleted or the like.`;
  return { kind: 'vendor', text: said, at: line.at.toISOString(), reference: ofRun(run) };
}

/** How the guard judged the run. */
export function ruleFact(run: RunDocument): ExplanationFact[] {
  const { verdict } = run;
  if (!verdict) return [];
  const { staged, activeAtStart, approved, reasons, decidedAt } = verdict;
  const amount = `${staged} of ${count(activeAtStart, 'active account')} would be deactivated`;
  const judged = {
    pass: approved > 0 ? `let them pass, ${approved} of them because a person had approved them` : 'let them pass',
    hold: 'held them for a person to decide',
    'not-swept': 'let none of them pass',
  }[verdict.decision];
  const why = reasons.length === 0 ? '' : ` ${reasons.map(({ message }) => message).join(' ')}`;
  return [
    { kind: 'rule', text: `The guard saw that ${amount}, and ${judged}.${why}`, at: decidedAt, reference: ofRun(run) },
  ];
}

export function mappingFact(run: RunDocument, version: number | undefined): ExplanationFact[] {
  if (version === undefined) return [];
  return [
    {
      kind: 'mapping',
      text: `Version ${version} of the mapping was in force.`,
      at: run.startedAt,
      reference: ofRun(run),
    },
  ];
}

/** Who approved what the guard had held, if it had. */
export function approvalFact(plan: HeldPlanDocument, nameOf: NameOf): ExplanationFact[] {
  if (plan.state !== 'approved' || plan.decidedBy === null) return [];
  const note = plan.note === null || plan.note === '' ? '' : `, with the note "${plan.note}"`;
  const text = `The guard had held ${count(plan.staged, 'deactivation')}. ${nameOf(plan.decidedBy)} approved them${note}.`;
  return [{ kind: 'decision', text, at: plan.decidedAt, reference: { kind: 'held-plan', id: plan._id } }];
}

/** What made people inactive although no account of theirs was deactivated. */
export function peoplePlanFacts(plan: PeoplePlanDocument, nameOf: NameOf): ExplanationFact[] {
  const reference = { kind: 'people-plan' as const, id: plan._id };
  const by = plan.changedBy.length === 0 ? '' : ` It was done by ${plan.changedBy.map(nameOf).join(', ')}.`;
  const judged = `It concerned ${count(plan.staged, 'person', 'people')} of ${plan.active} active ones.`;
  const reasons = plan.reasons.map(({ message }) => ` ${message}`).join('');
  const facts: ExplanationFact[] = [
    { kind: 'event', text: `${plan.change}${by}`, at: iso(plan.createdAt), reference },
    { kind: 'rule', text: `${judged}${reasons}`, at: iso(plan.createdAt), reference },
  ];
  if (plan.decidedBy !== null) {
    const note = plan.note === null || plan.note === '' ? '' : `, with the note "${plan.note}"`;
    facts.push({
      kind: 'decision',
      text: `${nameOf(plan.decidedBy)} approved it${note}.`,
      at: iso(plan.decidedAt),
      reference,
    });
  }
  return facts;
}

const outcomes: Readonly<Record<IntentDocument['state'], string>> = {
  planned: 'is going to do this',
  attempting: 'is doing this',
  done: 'did this, and read back that it is so',
  refused: 'did not do this',
  unknown: 'tried this, and it is not known whether it happened',
};

export function intentFact(
  { preset, state, message, target, createdAt, workflowRun }: IntentDocument,
  workflow: string,
): ExplanationFact {
  const name = target.username ?? target.vendorId;
  const detail = message === null ? '' : ` ${message}`;
  const text = `The workflow "${workflow}" ${outcomes[state]} at the vendor: ${preset} for ${name}.${detail}`;
  return { kind: 'workflow', text, at: iso(createdAt), reference: { kind: 'workflow-run', id: workflowRun } };
}

const iso = (time: Date | string | null): string | null => (time instanceof Date ? time.toISOString() : time);
