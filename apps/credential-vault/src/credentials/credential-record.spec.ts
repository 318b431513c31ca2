import { describe, expect, it } from '@jest/globals';
import type { CredentialDocument } from '@rollcall/collections';
import { credentialRecordSchema } from '@rollcall/contracts';

import { credentialRecordOf } from './credential-record.js';

const stored: CredentialDocument = {
  _id: 'credential-1',
  version: 3,
  name: 'Directory',
  connector: 'acme',
  type: 'api-key',
  baseUrl: 'https://vendor.example.com',
  secretFields: ['key'],
  secretVersion: 2,
  attention: null,
  createdAt: '2026-11-20T08:00:00.000Z',
  updatedAt: '2026-11-20T08:00:00.000Z',
};

describe('the published record of a credential', () => {
  it('has everything that a record of an earlier version lacks', () => {
    const record = credentialRecordOf(stored);
    expect(credentialRecordSchema.strict().parse(record)).toEqual(record);
    expect(record).toMatchObject({ id: 'credential-1', ownUsers: null, previous: null, advanced: false });
  });

  it('leaves out who edited it', () => {
    const edits = [{ by: 'api-key:1', at: new Date(0), kind: 'made' as const }];
    expect(credentialRecordOf({ ...stored, ownUsers: ['robot'], edits })).not.toHaveProperty('edits');
  });
});
