import { Injectable } from '@nestjs/common';
import type { AuditedChange } from '@rollcall/contracts';
import type { Request } from 'express';

import type { OperationDefinition } from '../http/operation.js';
import { stateOf } from '../http/request-state.js';
import { changedValues } from './changed-values.js';
import { ShownRecords } from './shown-records.js';

/** A write that was asked for, with the record as it was before. */
export interface AuditedWrite {
  readonly operation: OperationDefinition;
  readonly request: Request;
  readonly before: unknown;
}

const secret = '[secret]';

/** What a write changed, value by value. Secrets are told as changed and never as values. */
@Injectable()
export class AuditedChanges {
  constructor(private readonly records: ShownRecords) {}

  async before(operation: OperationDefinition, request: Request): Promise<unknown> {
    return tellsValues(operation) ? this.records.read(operation, request, request.params) : null;
  }

  /** What a path does not name, the answer does: a new record, or the credential that a consent completed. */
  madeBy({ operation }: AuditedWrite, status: number, body: unknown): string | null {
    if (operation.path.includes('/:') && status !== 201) return null;
    const key = operation.path.includes('/:') ? 'id' : this.records.nameOfKey(operation);
    const value = ((body ?? {}) as Readonly<Record<string, unknown>>)[key];
    return typeof value === 'string' ? value : null;
  }

  /** Null where it is not known what it changed. */
  async of(write: AuditedWrite, made: string | null, body: unknown): Promise<AuditedChange[] | null> {
    const { operation, request } = write;
    if (operation.auditsNoValues) return null;
    if (operation.changesNothing) return [];
    const secrets = [...changedSecrets(operation), ...enteredSecrets(request.body), ...signIns(request)];
    if (operation.toldByAnswer) return [...changedValues(null, body), ...secrets];
    const values = await this.valuesOf(write, made, body);
    return values === null && secrets.length === 0 ? null : [...(values ?? []), ...secrets];
  }

  /** Null where the API shows no record of it, neither before nor after. */
  private async valuesOf(write: AuditedWrite, made: string | null, body: unknown): Promise<AuditedChange[] | null> {
    const { operation, request } = write;
    // A run of an integration, or its copy: the record of the path stays as it is, and the answer is what was made. The test of
    // the policy sees to it that none of these answers holds a secret.
    const isAnother = made !== null && operation.path.includes('/:id') && made !== request.params['id'];
    const before = isAnother ? null : write.before;
    const params = made === null ? request.params : { [this.records.nameOfKey(operation)]: made };
    const after = isAnother ? body : await this.records.read(operation, request, params);
    return before === null && after === null ? null : changedValues(before, after);
  }
}

const tellsValues = ({ auditsNoValues, changesNothing, toldByAnswer }: OperationDefinition): boolean =>
  !auditsNoValues && !changesNothing && !toldByAnswer;

/** Whoever asked was a stranger then. */
function signIns(request: Request): AuditedChange[] {
  const { signedIn } = stateOf(request);
  return typeof signedIn === 'string' ? [{ pointer: '/actor', from: null, to: signedIn }] : [];
}

function changedSecrets({ changedSecrets: names = [] }: OperationDefinition): AuditedChange[] {
  return names.map((name) => ({ pointer: `/${name}`, from: secret, to: secret }));
}

/** Inputs of credentials are sealed and shown nowhere; the audit says which of them somebody sent. */
function enteredSecrets(body: unknown): AuditedChange[] {
  const { fields } = (body ?? {}) as { fields?: unknown };
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return [];
  return Object.keys(fields).map((name) => ({ pointer: `/fields/${name}`, from: secret, to: secret }));
}
