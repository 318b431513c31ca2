import type { AccountDocument } from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';

/** Connectors whose vendor tells when a user was active last: there no time means never. */
const tellActivity: ReadonlySet<string> = new Set(
  Object.values(manifests).flatMap(({ id, capabilities }) => (capabilities.lastActivity ? [id] : [])),
);

/** Paid for and never used, as far as the vendor tells. Undefined, so that nothing is stored, for everybody else. */
export function neverUsed({
  active,
  connector,
  lastActivityAt,
}: Pick<AccountDocument, 'active' | 'connector' | 'lastActivityAt'>): true | undefined {
  return active && lastActivityAt === null && tellActivity.has(connector) ? true : undefined;
}
