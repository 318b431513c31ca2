import type { Deed } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';

import { credentials } from './credential-vault/index.js';
import type { Databases } from './databases.js';
import type { EditDocument, EditKind } from './edits.js';
import { fields, mappings } from './mapping/index.js';
import { trusted } from './models/index.js';
import { type IntegrationDocument, integrations, type RunDocument, runs } from './sync-runner/index.js';

const verbs: Readonly<Record<EditKind, string>> = {
  made: 'made',
  changed: 'changed',
  launched: 'launched',
  'entered-secret': 'entered secrets of',
  'changed-own-users': 'changed the own users of',
};

/** What was changed after the START of the last good run has never been part of one. */
type GoodRun = Pick<RunDocument, 'plannedAt' | 'startedAt' | 'pinned'>;

/**
 * What people did to an integration, its mapping, the people fields that it maps to, and its credential, since the START
 * of its last good run; everything if there was none. Good is a run that completed, whose deactivations were judged, and
 * that was not undone: the first run after a change judges nobody, so it proves nothing of the change.
 * @param before looks at runs planned before then: of a run that completed and still left something to decide
 */
export async function editsSinceGoodRun(
  databases: Databases,
  integration: string,
  session: ClientSession,
  before: string | null = null,
): Promise<Deed[]> {
  const document = await databases.model(integrations).findOne({ _id: integration }, null, { session }).lean();
  if (document === null) return [];
  const good = await lastGoodRun(databases, integration, session, before);
  const since = startOf(good);
  const found = [
    ...integrationEdits(document),
    ...(await fieldEdits(databases, document, session)),
    ...(await credentialEdits(databases, document, session)),
  ];
  return [...found.filter(({ at }) => at > since), ...(await mappingEdits(databases, document, good, session))];
}

async function lastGoodRun(
  databases: Databases,
  integration: string,
  session: ClientSession,
  before: string | null,
): Promise<GoodRun | null> {
  return databases
    .model(runs)
    .findOne(
      {
        integration,
        scope: 'full',
        state: trusted({ $in: ['completed', 'completed-with-errors'] }),
        'verdict.decision': trusted({ $ne: 'not-swept' }),
        undo: null,
        ...(before !== null && { plannedAt: trusted({ $lt: before }) }),
      },
      { plannedAt: 1, startedAt: 1, pinned: 1 },
      { session, sort: { plannedAt: -1 } },
    )
    .lean();
}

function startOf(run: GoodRun | null): Date {
  return new Date(run === null ? 0 : (run.pinned?.startedAt ?? run.startedAt ?? run.plannedAt));
}

function integrationEdits({ name, edits, edited }: IntegrationDocument): Deed[] {
  // Before each change was kept, the last one was.
  return told(edits ?? [{ ...edited, kind: 'changed' }], `the integration "${name}"`);
}

/** The run pinned a version, so a clock that differs between services moves no edit of it to the other side. */
async function mappingEdits(
  databases: Databases,
  { _id, name }: IntegrationDocument,
  good: GoodRun | null,
  session: ClientSession,
): Promise<Deed[]> {
  const version = trusted({ $gt: good?.pinned?.mappingVersion ?? 0 });
  const found = await databases
    .model(mappings)
    .find({ integration: _id, version, by: trusted({ $exists: true }) }, { by: 1, createdAt: 1 }, { session })
    .lean();
  return found.map(({ by, createdAt }) => ({ by: by!, at: createdAt, what: `changed the mapping of "${name}"` }));
}

async function fieldEdits(databases: Databases, { _id }: IntegrationDocument, session: ClientSession): Promise<Deed[]> {
  const options = { session, sort: { version: -1 as const } };
  const newest = await databases.model(mappings).findOne({ integration: _id }, null, options).lean();
  const variables = newest?.definition.entries.map(({ to }) => to) ?? [];
  const mapped = await databases
    .model(fields)
    .find({ variable: trusted({ $in: variables }), edits: trusted({ $exists: true }) }, null, { session })
    .lean();
  return mapped.flatMap(({ label, edits }) => told(edits ?? [], `the people field "${label}"`));
}

async function credentialEdits(
  databases: Databases,
  { credential }: IntegrationDocument,
  session: ClientSession,
): Promise<Deed[]> {
  if (credential === null) return [];
  const found = await databases.model(credentials).findOne({ _id: credential }, null, { session }).lean();
  return found === null ? [] : told(found.edits ?? [], `the credential "${found.name}"`);
}

function told(edits: readonly EditDocument[], thing: string): Deed[] {
  return edits.map(({ by, at, kind }) => ({ by, at, what: `${verbs[kind]} ${thing}` }));
}
