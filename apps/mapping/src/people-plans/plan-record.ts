import type { PeoplePlanDocument } from '@rollcall/collections';
import { type PeoplePlanRecord, peoplePlanRecordSchema } from '@rollcall/contracts';

/** The plan as it is told. */
export function toPlanRecord({ _id, expiresAt, ...plan }: PeoplePlanDocument): PeoplePlanRecord {
  return peoplePlanRecordSchema.parse({ id: _id, ...plan, expiresAt: expiresAt?.toISOString() ?? null });
}
