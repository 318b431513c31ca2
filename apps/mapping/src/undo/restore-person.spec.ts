import { describe, expect, it } from '@jest/globals';

import { restoredPerson } from './restore-person.js';

const since = { cause: { kind: 'refold' as const, version: 2 }, time: '2026-02-01T00:00:00.000Z' };

describe('a person whose only accounts came from the undone run', () => {
  it('keeps what they had before it, but for what was changed since', () => {
    const person = {
      active: false,
      values: { email: 'ada@example.com', title: 'Lead', phone: '1' },
      provenance: { email: 'acme:1', title: 'acme:1', phone: 'acme:1' },
    };
    const fields = new Map([
      ['values.title', { old: 'Clerk', since: null }],
      ['values.phone', { old: '2', since }],
      ['provenance', { old: { email: 'gone:1', title: 'gone:1' }, since: null }],
      ['active', { old: true, since: null }],
    ]);
    expect(restoredPerson(person, { isCreation: false, isUndone: false, fields })).toStrictEqual({
      active: true,
      values: { email: 'ada@example.com', title: 'Clerk', phone: '1' },
      provenance: { email: 'gone:1', title: 'gone:1', phone: 'acme:1' },
    });
  });

  it('has again what the run took from them, and no longer what it gave them', () => {
    const person = {
      active: true,
      values: { email: 'ada@example.com', title: 'Given' },
      provenance: { email: 'acme:1', title: 'acme:1' },
    };
    const fields = new Map([
      ['values.title', { old: null, since: null }],
      ['values.phone', { old: '2', since: null }],
      ['provenance', { old: { email: 'gone:1', phone: 'gone:1' }, since: null }],
    ]);
    expect(restoredPerson(person, { isCreation: false, isUndone: false, fields })).toStrictEqual({
      active: true,
      values: { email: 'ada@example.com', phone: '2' },
      provenance: { email: 'gone:1', phone: 'gone:1' },
    });
  });

  it('keeps where their values come from, if the run did not touch that', () => {
    const provenance = { email: 'other:1', title: 'other:1' };
    const person = { active: true, values: { email: 'ada@example.com', title: 'Lead' }, provenance };
    const fields = new Map([['values.title', { old: 'Clerk', since: null }]]);
    expect(restoredPerson(person, { isCreation: false, isUndone: false, fields })).toStrictEqual({
      active: true,
      values: { email: 'ada@example.com', title: 'Clerk' },
      provenance,
    });
  });
});
